import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Plan } from '../../plan/plan.ts'

/** What a guard looks after: a stack as its files had it when they were read last. */
export interface GuardedStack {
  context: Context
  loaded: Loaded
  services: string[]
  /** The files that it was read from; absolute. */
  files: string[]
}

/** Throws StackError with every problem of the files, or for a service that they do not declare. */
export async function guardedStackOf(context: Context, named: readonly string[]): Promise<GuardedStack> {
  const loaded = await context.project.loaded(named)
  const { input } = await context.project.files()
  const known = Object.keys(loaded.stack.services)
  const unknown = named.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new StackError(
      unknown.map((name) =>
        error('unknown-service', `there is no service "${name}"`, { hint: didYouMean(name, known) }),
      ),
    )
  const files = [...loaded.sources.keys(), ...(input.envFiles ?? [])].filter((file) => file.startsWith('/'))
  return { context, loaded, services: named.length > 0 ? [...named] : known, files: [...new Set(files)] }
}

/** What an intent takes from the world as it is. Unlike other commands, a guard shows no warnings each time. */
export async function planned(
  { context, loaded }: GuardedStack,
  intent: Intent,
  signal: AbortSignal,
): Promise<Plan<unknown>> {
  const backend = await context.project.backend()
  const observed = await backend.startObserve(signal)(loaded.stack, intent)
  return unwrap(backend.plan({ declared: loaded, observed, intent }))
}
