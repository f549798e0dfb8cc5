import type { Declared } from '../../backend/backend.ts'
import type { Intent } from '../../backend/intent.ts'
import type { Replica } from '../../backend/reader.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import { printPlan } from '../../cli/show.ts'
import type { Emit } from '../../execute/event.ts'
import type { Plan } from '../../plan/plan.ts'
import { converge, planFor } from './converge.ts'
import { preparedExclusively } from './exclusive.ts'
import { noted } from './record-desired-state.ts'

/** What is to be carried out. */
export interface Wanted<D extends Declared> {
  declared: D
  intent: Intent
}

export interface Carried<D extends Declared> {
  declared: D
  plan: Plan<unknown>
  /** What was brought up, and does not run any more. */
  fallen: readonly Replica[]
  /** The command's exit code so far. */
  code: number
}

/**
 * Carries an intent out: observed, planned and executed while no other command works on the project. What is wanted is found out while
 * the engine is asked, and kept for guards. With --dry-run the plan is printed, nothing is touched, and no turn waited for.
 * @param signal aborts when what is under way is to be given up; by default at the first Ctrl-C
 */
export async function carry<D extends Declared>(
  context: Context,
  command: string,
  want: () => Promise<Wanted<D>>,
  filter?: (emit: Emit) => Emit,
  signal: AbortSignal = context.signal,
): Promise<Carried<D>> {
  if (context.globals.dryRun) return dryRun(context, await want())
  return preparedExclusively(context, command, want, async (wanted, pending) => {
    const { declared, intent } = wanted
    const work = () => converge(context, declared, intent, filter, pending, signal)
    const { plan, outcome, fallen } = await noted(context, command, wanted, work, (converged) => converged.plan)
    const code = context.signal.aborted ? INTERRUPTED : outcome.ok ? 0 : 1
    return { declared, plan, fallen, code }
  })
}

async function dryRun<D extends Declared>(context: Context, { declared, intent }: Wanted<D>): Promise<Carried<D>> {
  const plan = await planFor(context, declared, intent)
  await context.warn(plan.notes)
  await printPlan(context, plan, 'text')
  return { declared, plan, fallen: [], code: 0 }
}
