import { warning } from '../../../diagnostics/diagnostic.ts'
import type { ContainerSummary } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import { COMPOSE } from '../../../stack/labels.ts'
import type { Stack } from '../../../stack/model.ts'
import type { UpContext } from './context.ts'
import { isOneOff } from './slots.ts'
import { addRemove } from './stop.ts'

/** Containers of the project whose service is declared no more. */
export function orphansOf(stack: Stack, containers: ContainerSummary[]): ContainerSummary[] {
  const known = (name: string) => name in stack.services || name in stack.inactive
  return containers.filter((each) => !isOneOff(each) && !known(each.labels[COMPOSE.service] ?? ''))
}

/** Orphans are removed if that was asked for, else mentioned. The result tells which names become free, and after which step. */
export function planOrphans(context: UpContext): Map<string, StepId> {
  const { builder, declared, observed, intent } = context
  const orphans = orphansOf(declared.stack, observed.containers)
  if (orphans.length === 0) return new Map()
  if (!intent.removeOrphans) {
    const names = orphans.map((each) => each.name).sort()
    const hint = 'they stay as they are; --remove-orphans removes them'
    builder.note(warning('orphans', `not in the stack file any more: ${names.join(', ')}`, { hint }))
    return new Map()
  }
  const timeout = intent.timeout === undefined ? {} : { timeout: intent.timeout }
  const options = { cause: 'its service is declared no more', after: [], volumes: false, ...timeout }
  return new Map(orphans.map((each) => [each.name, addRemove(builder, each, options)]))
}
