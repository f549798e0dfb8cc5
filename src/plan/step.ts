import type { Address } from '../stack/address.ts'

export type StepId = string

/** What a step does, in one word that views may print. */
export type Verb =
  | 'pull'
  | 'build'
  | 'create'
  | 'connect'
  | 'disconnect'
  | 'attach'
  | 'start'
  | 'wait'
  | 'stop'
  | 'kill'
  | 'pause'
  | 'unpause'
  | 'remove'
  | 'rename'
  | 'update'
  | 'copy'
  | 'check'
  | 'run'

/** One field that made a difference. `from` and `to` of a secret field are never shown. */
export interface FieldChange {
  /** Dotted, in the words of the stack file: `environment.REV`, `image`, `ports`. */
  path: string
  from: unknown
  to: unknown
  secret?: boolean
}

export type Phase = 'undo' | 'rollback'

export interface After {
  step: StepId
  /**
   * `success`: only if that step succeeded (or its condition made it unneeded); `settled`: whatever became of it; `failure`: only if
   * that step, or another one that is named with `failure`, failed or was skipped. A step with such an edge has a phase.
   */
  on: 'success' | 'failure' | 'settled'
}

/** The output of an earlier step, for what is unknown before it runs: an image's id, a container's id. */
export interface Ref {
  ref: StepId
  field: string
  /** What stands in where that step was unneeded: the container that is already there. */
  otherwise?: string
}

/** Run the step only if an earlier step's output differs from, or equals, what was known when the plan was made. */
export type When = { output: StepId; field: string } & ({ differs: unknown } | { equals: unknown })

/**
 * One thing to do, as plain data: preview, dry run, progress and execution read the same value.
 * A step whose `when` does not hold is skipped, and so is every step that refers to its output with a condition of its own.
 */
export interface Step<A> {
  id: StepId
  subject: Address
  verb: Verb
  /** Why, in words: `not created yet`, `environment.REV changed`. */
  cause: string
  changes?: FieldChange[]
  after: After[]
  when?: When
  action: A
  /** Steps of one group are one line in a view. */
  group?: Address
  /** Its failure is told, but is not one of the command: only who can do without waits for it. */
  optional?: true
  /** Only for the case of a failure: `undo` takes back what failed, `rollback` what succeeded beside it. */
  phase?: Phase
  risk?: 'data-loss' | 'downtime'
}

/** Whether a step is there for the case of a failure only. */
export function undoes({ phase }: Pick<Step<unknown>, 'phase'>): boolean {
  return phase !== undefined
}

/** A union of actions from an interface that maps each kind to its payload: see backend/engine/action.ts. */
export type ActionOf<M> = { [K in keyof M & string]: { kind: K } & M[K] }[keyof M & string]
