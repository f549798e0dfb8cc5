import type { Declared } from '../backend/backend.ts'
import type { Intent } from '../backend/intent.ts'
import type { Replica } from '../backend/read/containers.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import type { Outcome } from '../execute/execute.ts'
import type { Plan } from '../plan/plan.ts'

/** A stack, and what the user wants of it. */
export interface Wanted<D extends Declared = Declared> {
  declared: D
  intent: Intent
}

/** A plan, with what of the world it was made from. */
export interface Survey {
  plan: Plan<unknown>
  /** The part of the world that a saved plan keeps, as JSON data. */
  facts: unknown
  warnings: readonly Diagnostic[]
}

/** An intent to run, and how to run it. */
export interface RunRequest<D extends Declared = Declared> {
  /** Shown to commands that have to wait for this one: `up`. */
  command: string
  /** Called when the engine has been asked for the state of things, or somebody has to be waited for. Throws StackError. */
  load(): Promise<Wanted<D>>
  /** Stands between a plan's events and the listener. */
  filter?(emit: Emit): Emit
  /** Aborts everything; by default the project's signal. */
  signal?: AbortSignal
  /** Aborts the plan that is carried out; by default `signal`. */
  enough?: AbortSignal
  /** Carries out one plan and does not look again, whatever others change meanwhile. */
  once?: boolean
  /** Takes no turn with other commands, and leaves the desired state as it is: for what changes images alone. */
  lockFree?: true
  /** Called with each plan before it is carried out; throws to refuse it. */
  confirm?(survey: Survey, declared: D): void
}

/** The result of an intent. */
export interface Converged {
  /** That was carried out last. */
  plan: Plan<unknown>
  outcome: Outcome
  /** Containers that were brought up, and do not run any more at the end. */
  fallen: readonly Replica[]
}

/** The same, with the stack that it was about. */
export interface Ran<D extends Declared = Declared> extends Converged {
  declared: D
}
