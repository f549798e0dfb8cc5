import type { Declared } from '../../backend/backend.ts'
import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { intentsOf } from '../../cli/desired-state-file.ts'
import type { Plan } from '../../plan/plan.ts'
import { isBringing, type Will, willAfter, willAfterRemoval, willAfterUp } from '../../project/desired-state.ts'
import { replicasOf } from '../../stack/names.ts'

interface Noting {
  declared: Declared
  intent: Intent
}

/**
 * Carries something out and keeps what it makes known of what is wanted, for guards: before it begins, so that it holds for a command
 * that is killed too. What could not be planned, and a start that is interrupted, change nothing. Only in the project's turn.
 */
export async function noted<T>(
  context: Context,
  command: string,
  { declared, intent }: Noting,
  work: () => Promise<T>,
  planOf: (result: T) => Plan<unknown> | undefined = () => undefined,
): Promise<T> {
  const store = await intentsOf(context)
  const before = withoutTurn(store.read())
  const after = willAfter(before, intent, declared)
  if (after === before && intent.kind !== 'rm') return work()
  const turn = isBringing(intent) ? { turn: { command, services: Object.keys(after.services) } } : {}
  store.write({ ...after, ...turn })
  try {
    const result = await work()
    const given = context.signal.aborted && isBringing(intent)
    store.write(given ? before : withPlan(after, { declared, intent }, planOf(result)))
    return result
  } catch (thrown) {
    store.write(before)
    throw thrown
  }
}

function withPlan(will: Will, { declared, intent }: Noting, plan: Plan<unknown> | undefined): Will {
  if (!plan) return will
  if (intent.kind === 'rm') return willAfterRemoval(will, plan)
  if (intent.kind !== 'up' || intent.noStart) return will
  return willAfterUp(will, plan, (service) => replicasOf(declared.stack.services[service] ?? {}))
}

function withoutTurn({ services }: Will): Will {
  return { services }
}
