import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ActionOf, StepId } from '../plan/step.ts'
import type { FailureReport } from './failure-report.ts'

/** The output of a step for later steps: `{ imageId }`, `{ containerId }`, … */
export type StepOutput = Record<string, unknown>

export interface Clock {
  /** Milliseconds since an arbitrary moment. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The services that a performer may use. */
export interface StepContext {
  signal: AbortSignal
  clock: Clock
  outputOf(step: StepId): StepOutput
  /** Whether an earlier step failed or was skipped because of a failure; for steps with `settled` edges. */
  hasFailed(step: StepId): boolean
  /** `running`: the newest line of each part of the step that runs now, of a build for instance. */
  progress(text: string, done?: number, total?: number, running?: readonly string[]): void
  /** Whole lines that a user's program printed. */
  print(stream: 'stdout' | 'stderr', lines: string[]): void
  /** A problem that does not fail the step. */
  warn(problem: Diagnostic): void
}

/** One performer for every kind of action; an action without one does not compile. */
export type Performers<M> = {
  [K in keyof M & string]: (action: { kind: K } & M[K], context: StepContext) => Promise<StepOutput>
}

export type Perform<A> = (action: A, context: StepContext) => Promise<StepOutput>

export function performWith<M>(performers: Performers<M>): Perform<ActionOf<M>> {
  return (action, context) => {
    const perform = performers[action.kind] as (action: ActionOf<M>, context: StepContext) => Promise<StepOutput>
    return perform(action, context)
  }
}

/** A failure with a problem and a report. Any other error is reported as it is. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  constructor(
    readonly problem: Diagnostic,
    readonly report?: FailureReport,
    options?: ErrorOptions,
  ) {
    super(problem.message, options)
  }
}
