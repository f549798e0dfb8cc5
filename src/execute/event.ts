import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Awaited, FieldChange, Phase, StepId, Verb } from '../plan/step.ts'
import type { Address } from '../stack/address.ts'
import type { FailureReport } from './failure-report.ts'

/** A step without its action, as views see it. */
export interface StepInfo {
  id: StepId
  subject: Address
  group: Address
  verb: Verb
  cause: string
  changes?: FieldChange[]
  awaits?: Awaited
  after: StepId[]
  phase?: Phase
  /** For work on an image: the service that it is for. */
  service?: string
}

/**
 * An event during the execution of a plan. Times are milliseconds since the command started. schemas/events.schema.json
 * describes the JSON form.
 */
export type RunEvent =
  | { type: 'plan'; at: number; stack: string; steps: StepInfo[]; unchanged: Address[]; notes: Diagnostic[] }
  | { type: 'step-start'; at: number; step: StepId }
  | { type: 'step-progress'; at: number; step: StepId; text: string; done?: number; total?: number; running?: string[] }
  /** Whole lines that a user's program printed during a step, a hook for instance. */
  | { type: 'step-output'; at: number; step: StepId; stream: 'stdout' | 'stderr'; lines: string[] }
  | { type: 'step-warning'; at: number; step: StepId; problem: Diagnostic }
  | { type: 'step-done'; at: number; step: StepId; ms: number }
  | { type: 'step-skip'; at: number; step: StepId; reason: 'unneeded' | 'upstream' | 'interrupted'; cause?: StepId }
  | { type: 'step-fail'; at: number; step: StepId; ms: number; problem: Diagnostic; dossier?: FailureReport }
  /** `again`: the failure is not final, the command observes and plans again. */
  | { type: 'end'; at: number; ok: boolean; done: number; failed: number; skipped: number; again?: boolean }

export type Emit = (event: RunEvent) => void
