import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ActionOf, StepId } from '../plan/step.ts'
import type { FailureReport } from './failure-report.ts'

/** What a step found out, for steps that refer to it: `{ imageId }`, `{ containerId }`, … */
export type StepOutput = Record<string, unknown>

export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number
  /** Resolves after that many milliseconds, or rejects at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What a performer gets beside its action. */
export interface StepContext {
  signal: AbortSignal
  clock: Clock
  outputOf(step: StepId): StepOutput
  /** Whether an earlier step has failed, or was skipped as another one had; for steps that come after others whatever became of them. */
  hasFailed(step: StepId): boolean
  progress(text: string, done?: number, total?: number): void
  /** Whole lines that a program of the user's has printed. */
  print(stream: 'stdout' | 'stderr', lines: string[]): void
  /** Something that the user should know though the step goes on. */
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

/** How a performer fails when it can tell the story. Any other error is reported as it is. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  constructor(
    readonly problem: Diagnostic,
    readonly dossier?: FailureReport,
    options?: ErrorOptions,
  ) {
    super(problem.message, options)
  }
}
