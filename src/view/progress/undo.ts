import { undoes, type Verb } from '../../plan/step.ts'
import { undoDeedOf } from '../../plan/step-id.ts'
import type { Group, StepRow, StepState } from './groups.ts'
import { WORDS } from './words.ts'

const BEGUN: ReadonlySet<StepState> = new Set(['running', 'done', 'failed', 'interrupted'])

/** Whether a step with that verb was started, excluding undo steps. */
function hasBegun({ steps }: Group, verb: Verb): boolean {
  return steps.some(({ info, state }) => info.verb === verb && BEGUN.has(state) && !undoes(info))
}

/**
 * Describes an undo step. Undefined if there was nothing to undo: an old container that was never stopped is not started
 * again, and a new one that never ran is not stopped.
 */
export function undoneWords(group: Group, { info }: StepRow): string | undefined {
  const deed = undoDeedOf(info.id)
  if (deed === 'back') return 'old container started again'
  if (deed === 'stop') return hasBegun(group, 'start') ? 'new container stopped' : undefined
  if (deed === 'start') return hasBegun(group, 'stop') ? 'old container started again' : undefined
  return info.verb === 'remove' ? 'new container removed' : WORDS[info.verb].done
}

/** The result of an undone replacement. */
export function undoneText(group: Group): string[] {
  const undo = group.steps.filter(({ info }) => undoes(info))
  if (undo.length === 0) return []
  return [`${group.title}: the new container is discarded, ${outcomeOf(group, undo)}`]
}

/** Whether the step starts an old container that a killed command stopped. */
function isBack({ id }: StepRow['info']): boolean {
  return undoDeedOf(id) === 'back'
}

function outcomeOf(group: Group, undo: readonly StepRow[]): string {
  const failed = undo.some(({ info, state }) => info.verb !== 'remove' && state !== 'done')
  if (failed) return 'the old one could not be brought back'
  if (!hasBegun(group, 'stop') && !undo.some(({ info }) => isBack(info))) return 'the old one was not touched'
  const runs = undo.some(({ info, state }) => info.verb === 'start' && state === 'done')
  return runs ? 'the old one runs again' : 'the old one stays'
}
