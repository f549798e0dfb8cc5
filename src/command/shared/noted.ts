import type { Declared } from '../../backend/backend.ts'
import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { intentsOf } from '../../cli/intents.ts'
import { isBringing, type Will, willAfter, willAfterRemoval } from '../../guard/will.ts'
import type { Plan } from '../../plan/plan.ts'

/**
 * Carries something out and keeps what it makes known of what is wanted, for guards: before it begins, so that it holds for a command
 * that is killed too. What could not be planned, and a start that is interrupted, change nothing. Only in the project's turn.
 */
export async function noted<T>(
  context: Context,
  command: string,
  { declared, intent }: { declared: Declared; intent: Intent },
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
    const plan = intent.kind === 'rm' ? planOf(result) : undefined
    const kept = context.signal.aborted && isBringing(intent) ? before : after
    store.write(plan ? willAfterRemoval(kept, plan) : kept)
    return result
  } catch (thrown) {
    store.write(before)
    throw thrown
  }
}

function withoutTurn({ services }: Will): Will {
  return { services }
}
