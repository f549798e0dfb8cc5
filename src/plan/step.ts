import type { Address } from '../stack/address.ts'

export type StepId = string

/** The kind of work, as views print it. */
export type Verb =
  | 'pull'
  | 'push'
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

/** One changed field. `from` and `to` of a secret field are never shown. */
export interface FieldChange {
  /** Dotted path in the stack file's terms: `environment.REV`, `image`, `ports`. */
  path: string
  from: unknown
  to: unknown
  secret?: boolean
}

export type Phase = 'undo' | 'rollback'

/** The goal of a wait: healthy, completed successfully, or ready by other criteria. */
export type Awaited = 'healthy' | 'completed' | 'ready'

export interface After {
  step: StepId
  /**
   * `success`: only if that step succeeded or was not needed; `settled`: whatever the result; `failure`: only if that
   * step, or another one with a `failure` edge, failed or was skipped. A step with such an edge has a phase.
   */
  on: 'success' | 'failure' | 'settled'
}

/** The output of an earlier step, such as the id of an image or container that does not exist yet. */
export interface Ref {
  ref: StepId
  field: string
  /** The value if that step is not needed: the existing container. */
  otherwise?: string
}

/** Run the step only if an earlier step's output differs from, or equals, a value known at planning time. */
export type When = { output: StepId; field: string } & ({ differs: unknown } | { equals: unknown })

/**
 * One unit of work as plain data, for preview, dry run, progress and execution alike. A step whose `when` is false is
 * not needed, nor is any step whose own `when` refers to its output.
 */
export interface Step<A> {
  id: StepId
  subject: Address
  verb: Verb
  /** The reason, as views print it: `not created yet`, `environment.REV changed`. */
  cause: string
  changes?: FieldChange[]
  /** Set for waits whose cause says what for: `until it is healthy`. */
  awaits?: Awaited
  after: After[]
  when?: When
  action: A
  /** Steps of one group share a line in views. */
  group?: Address
  /** For work on an image: the service that it is for. */
  service?: string
  /** Its failure is reported but does not fail the command; dependents must tolerate it. */
  optional?: true
  /**
   * Set for steps that only run after a failure: `undo` reverts what failed, `rollback` what succeeded in the same
   * update.
   */
  phase?: Phase
  risk?: 'data-loss' | 'downtime'
}

/** Whether a step only runs after a failure. */
export function undoes({ phase }: Pick<Step<unknown>, 'phase'>): boolean {
  return phase !== undefined
}

/** The union of actions for an interface that maps each kind to its payload: see backend/engine/action.ts. */
export type ActionOf<M> = { [K in keyof M & string]: { kind: K } & M[K] }[keyof M & string]
