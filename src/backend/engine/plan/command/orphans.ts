import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import type { StepId } from '../../../../plan/step.ts'
import type { Stack } from '../../../../stack/model.ts'
import { isFrom } from '../../../../stack/origin.ts'
import { COMPOSE, originOf } from '../../../docker/labels.ts'
import { hasExited, isDead } from '../../../state.ts'
import { isOneOff } from '../../observe/slots.ts'
import { isHookContainer } from '../container/hooks.ts'
import { addRemove } from '../container/stop.ts'
import type { UpContext } from '../types.ts'

/** Containers of the project whose service is no longer declared. */
export function orphansOf(stack: Stack, containers: ContainerSummary[]): ContainerSummary[] {
  const known = (name: string) => name in stack.services || name in stack.inactive
  return containers.filter((each) => !isOneOff(each) && !known(each.labels[COMPOSE.service] ?? ''))
}

/** The names of orphans, each with its directory if that is not the stack's. */
export function orphanNames({ origin }: Stack, orphans: readonly ContainerSummary[]): string {
  const named = orphans.map(({ name, labels }) => {
    const directory = labels[COMPOSE.workingDir]
    return directory === undefined || isFrom(originOf(labels), origin, () => undefined)
      ? name
      : `${name} (from ${directory})`
  })
  return named.sort().join(', ')
}

/** Exited containers of `run`; `docker compose` counts them among orphans (pkg/compose/containers.go). */
function leftByRun(containers: ContainerSummary[]): ContainerSummary[] {
  return containers.filter((each) => isOneOff(each) && !isHookContainer(each) && (hasExited(each) || isDead(each)))
}

/** Removes orphans on request; otherwise notes them. Returns, by name, the step after which the name is free. */
export function planOrphans(context: UpContext): Map<string, StepId> {
  const { declared, observed, intent } = context
  if (intent.ignoreOrphans) return new Map()
  const orphans = orphansOf(declared.stack, observed.containers)
  const left = leftByRun(observed.containers)
  return new Map([
    ...removeOrNote(context, orphans, 'no longer in the stack file', 'its service is no longer declared'),
    ...removeOrNote(context, left, 'left over from run', 'left over from run'),
  ])
}

function removeOrNote(
  { declared, builder, intent }: UpContext,
  orphans: ContainerSummary[],
  message: string,
  cause: string,
): [name: string, removed: StepId][] {
  if (!intent.removeOrphans) {
    const names = orphanNames(declared.stack, orphans)
    const hint = 'they are kept; --remove-orphans removes them'
    if (orphans.length > 0) builder.note(warning('orphans', `${message}: ${names}`, { hint }))
    return []
  }
  const timeout = intent.timeout === undefined ? {} : { timeout: intent.timeout }
  const options = { cause, after: [], volumes: false, ...timeout }
  return orphans.map((each) => [each.name, addRemove(builder, each, options)])
}
