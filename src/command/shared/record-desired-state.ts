import type { Declared } from '../../backend/backend.ts'
import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { desiredStateOf } from '../../cli/desired-state-file.ts'
import type { Plan } from '../../plan/plan.ts'
import {
  type DesiredState,
  desiredAfter,
  desiredAfterRemoval,
  desiredAfterUp,
  isBringing,
} from '../../project/desired-state.ts'
import { replicasOf } from '../../stack/names.ts'

interface Noting {
  declared: Declared
  intent: Intent
}

/**
 * Carries something out and keeps what it makes known of what is wanted, for guards: before it begins, so that it holds for a command
 * that is killed too. What could not be planned, and a start that is interrupted, change nothing. Only while holding the project's lock.
 */
export async function noted<T>(
  context: Context,
  command: string,
  { declared, intent }: Noting,
  work: () => Promise<T>,
  planOf: (result: T) => Plan<unknown> | undefined = () => undefined,
): Promise<T> {
  const store = await desiredStateOf(context)
  const before = withoutProgress(store.read())
  const after = desiredAfter(before, intent, declared)
  if (after === before && intent.kind !== 'rm') return work()
  const inProgress = isBringing(intent) ? { inProgress: { command, services: Object.keys(after.services) } } : {}
  store.write({ ...after, ...inProgress })
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

function withPlan(desired: DesiredState, { declared, intent }: Noting, plan: Plan<unknown> | undefined): DesiredState {
  if (!plan) return desired
  if (intent.kind === 'rm') return desiredAfterRemoval(desired, plan)
  if (intent.kind !== 'up' || intent.noStart) return desired
  return desiredAfterUp(desired, plan, (service) => replicasOf(declared.stack.services[service] ?? {}))
}

function withoutProgress({ services }: DesiredState): DesiredState {
  return { services }
}
