import type { Declared } from '../backend/backend.ts'
import type { Intent } from '../backend/intent.ts'
import type { Replica } from '../backend/read/containers.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Plan } from '../plan/plan.ts'

/** A stack and the user's intent for it. */
export interface Wanted<D extends Declared = Declared> {
  declared: D
  intent: Intent
}

/** A plan, with the observed state from which it was made. */
export interface Survey {
  plan: Plan<unknown>
  /** The part of the observed state that a saved plan records, as JSON data. */
  facts: unknown
  warnings: readonly Diagnostic[]
}

/** An intent to run, with its options. */
export interface RunRequest<D extends Declared = Declared> {
  /** The command's name, shown to commands that wait for this one: `up`. */
  command: string
  /** Called once the observation has been requested or a wait for another command has begun. Throws StackError. */
  load(): Promise<Wanted<D>>
  /** Filters a plan's events on their way to the listener. */
  filter?(emit: Emit): Emit
  /** Aborts everything; the project's signal by default. */
  signal?: AbortSignal
  /** Aborts only the execution of the plan; `signal` by default. */
  enough?: AbortSignal
  /** Executes one plan and does not observe again, whatever others change in the meantime. */
  once?: boolean
  /** Takes no lock and leaves the desired state unchanged: for intents that only change images. */
  lockFree?: true
  /** Called with each plan before its execution; throws to refuse it. */
  confirm?(survey: Survey, declared: D): void
}

/** The result of an intent. */
export interface Converged {
  /** The plan executed last. */
  plan: Plan<unknown>
  outcome: Outcome
  /** Containers that were started but are not running at the end. */
  fallen: readonly Replica[]
}

/** The same, with the stack concerned. */
export interface Ran<D extends Declared = Declared> extends Converged {
  declared: D
}
