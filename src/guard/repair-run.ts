import { isAway } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import { carryOut, planIntent } from '../project/converge.ts'
import type { GuardedStack } from './guarded-stack.ts'
import { dependentsText } from './messages.ts'
import { partialPlanFor } from './plan-filter.ts'
import type { Repair } from './repair.ts'

interface RepairOptions {
  signal: AbortSignal
  say(text: string): void
  /** Reports why the repair failed, unless that was already reported. */
  problem(text: string): void
}

/** Plans and executes a repair. Resolves to whether it succeeded completely; throws if the engine is away. */
export async function runRepair(guarded: GuardedStack, repair: Repair, options: RepairOptions): Promise<boolean> {
  try {
    return await carriedOut(guarded, repair, options)
  } catch (thrown) {
    if (options.signal.aborted || !(thrown instanceof StackError) || isAway(thrown)) throw thrown
    options.problem(thrown.sentence)
    return false
  }
}

async function carriedOut(
  { project, loaded }: GuardedStack,
  repair: Repair,
  { signal, say, problem }: RepairOptions,
): Promise<boolean> {
  // Unlike other commands, a guard does not repeat warnings.
  const whole = await planIntent(project, { declared: loaded, intent: repair.intent }, signal)
  const { plan, lacks } = partialPlanFor(whole.plan, repair.slots)
  for (const each of lacks) problem(`this requires a change that only ${ownCommand('up')} makes: ${each}`)
  if (lacks.length > 0 || plan.steps.length === 0) return false
  for (const line of dependentsText(loaded.stack, repair, plan)) say(line)
  const outcome = await carryOut(project, plan, {
    signal,
    emit(event) {
      if (event.type === 'step-fail' || event.type === 'step-warning') problem(event.problem.message)
    },
  })
  return outcome.ok
}
