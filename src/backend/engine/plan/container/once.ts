import type { When } from '../../../../plan/step.ts'
import { hasExited } from '../../../state.ts'
import { serviceIn } from '../context.ts'
import type { Candidate, Once, Planned } from '../types.ts'
import { conditionToReplace, decide } from './decide.ts'
import { renewedDependencies } from './dependents.ts'

/** Whether the `pre_start` hooks that run once for a service are due. */
export function runOnceFor(candidates: readonly Candidate[], planned: Planned): Once {
  const [first] = candidates
  if (!first || !hasHooks(first)) return 'due'
  const going = candidates.filter((each) => goesOn(each, planned))
  const conditions = going.map(conditionToReplace)
  if (conditions.some((when) => when === undefined)) return 'done'
  return conditions.find((when): when is When => when !== undefined) ?? 'due'
}

function hasHooks({ context, slot }: Candidate): boolean {
  return (serviceIn(context, slot.service).pre_start ?? []).length > 0
}

/** Whether the container keeps running unchanged, as far as planning knows. */
function goesOn(candidate: Candidate, planned: Planned): boolean {
  const { slot, context } = candidate
  if (!slot.current || slot.next || hasExited(slot.current)) return false
  return decide(candidate).kind === 'keep' && renewedDependencies({ context, slot }, planned).length === 0
}
