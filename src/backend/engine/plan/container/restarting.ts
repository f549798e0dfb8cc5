import { warning } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { isRestarting } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'

/** Notes a container that is kept although it keeps restarting: without a note it would seem fine. */
export function noteRestarting(builder: PlanBuilder<EngineAction>, container: ContainerSummary | undefined): void {
  if (!container || !isRestarting(container)) return
  const { labels, exitCode = 0 } = container
  const service = labels[COMPOSE.service] ?? ''
  const name = `${service}-${labels[COMPOSE.number]}`
  const message = `${name} keeps restarting: it exits with code ${exitCode}`
  builder.note(warning('container-exited', message, { hint: ownCommand(`logs ${service}`) }))
}
