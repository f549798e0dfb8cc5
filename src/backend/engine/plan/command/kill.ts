import type { Checked } from '../../../../diagnostics/checked.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import type { Declared } from '../../../backend.ts'
import type { KillIntent } from '../../../intent.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { addressOfContainer } from '../container/stop.ts'
import { serviceName } from './known.ts'
import { orphansOf } from './orphans.ts'
import { finishPlan, noteOthers, type VerbScope, verbScope } from './scope.ts'

/**
 * Sends a signal to all containers at once, those of `run` included, as `docker compose` does (pkg/compose/kill.go).
 */
export function planKill(declared: Declared, observed: Observed, intent: KillIntent): Checked<Plan<EngineAction>> {
  const checked = verbScope(declared, observed, intent.services)
  if (!checked.ok) return checked
  const scope = checked.value
  for (const container of targetsOf(scope, intent)) {
    const address = addressOfContainer(container)
    scope.builder.add({
      id: stepIds.kill(address, container.id),
      subject: address,
      verb: 'kill',
      cause: 'requested',
      action: { kind: 'kill-container', container: container.id, signal: intent.signal },
    })
  }
  if (intent.services.length === 0 && !intent.removeOrphans) noteOthers(scope)
  return finishPlan(scope)
}

function targetsOf({ known, observed, services }: VerbScope, { removeOrphans, only }: KillIntent): ContainerSummary[] {
  const alive = observed.containers.filter(isAlive)
  const orphans = new Set(removeOrphans ? orphansOf(known.stack, alive) : [])
  return alive
    .filter((each) => services.has(serviceName(each)) || orphans.has(each))
    .filter((each) => only?.includes(addressOfContainer(each)) ?? true)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
