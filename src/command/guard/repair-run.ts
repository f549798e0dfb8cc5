import { isAway } from '../../diagnostics/backend-error.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { execute } from '../../execute/execute.ts'
import type { Clock } from '../../execute/step-context.ts'
import { partialPlanFor } from '../../guard/plan-filter.ts'
import type { Repair } from '../../guard/repair.ts'
import { type GuardedStack, planned } from './guarded-stack.ts'
import { dependentsText } from './messages.ts'

interface Means {
  clock: Clock
  signal: AbortSignal
  say(text: string): void
  /** Says why it does not work out, unless that was said already. */
  problem(text: string): void
}

/** Plans for a repair and carries that out. Resolves to whether all of it was done; throws if the engine is away. */
export async function repaired(guarded: GuardedStack, repair: Repair, means: Means): Promise<boolean> {
  try {
    return await carriedOut(guarded, repair, means)
  } catch (thrown) {
    if (means.signal.aborted || !(thrown instanceof StackError) || isAway(thrown)) throw thrown
    means.problem(thrown.sentence)
    return false
  }
}

async function carriedOut(
  guarded: GuardedStack,
  repair: Repair,
  { clock, signal, say, problem }: Means,
): Promise<boolean> {
  const { intent, slots } = repair
  const { plan, lacks } = partialPlanFor(await planned(guarded, intent, signal), slots)
  for (const each of lacks) problem(`this takes a change that is left to you (flotilla up): ${each}`)
  if (lacks.length > 0 || plan.steps.length === 0) return false
  for (const line of dependentsText(guarded.loaded.stack, repair, plan)) say(line)
  const { perform } = await guarded.context.project.backend()
  const outcome = await execute(plan, perform, {
    signal,
    clock,
    emit(event) {
      if (event.type === 'step-fail' || event.type === 'step-warning') problem(event.problem.message)
    },
  })
  return outcome.ok
}
