import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { FieldChange, Phase, StepId, Verb } from '../plan/step.ts'
import type { Address } from '../stack/address.ts'
import type { FailureReport } from './failure-report.ts'

/** A step as views see it: everything but its action. */
export interface StepInfo {
  id: StepId
  subject: Address
  group: Address
  verb: Verb
  cause: string
  changes?: FieldChange[]
  after: StepId[]
  phase?: Phase
}

/**
 * What happens while a plan is carried out. Times are milliseconds since the command began.
 * The JSON form of each event is described in schemas/events.schema.json.
 */
export type RunEvent =
  | { type: 'plan'; at: number; stack: string; steps: StepInfo[]; unchanged: Address[]; notes: Diagnostic[] }
  | { type: 'step-start'; at: number; step: StepId }
  | { type: 'step-progress'; at: number; step: StepId; text: string; done?: number; total?: number }
  /** Whole lines that a program of the user's printed for a step, a hook for instance. */
  | { type: 'step-output'; at: number; step: StepId; stream: 'stdout' | 'stderr'; lines: string[] }
  | { type: 'step-warning'; at: number; step: StepId; problem: Diagnostic }
  | { type: 'step-done'; at: number; step: StepId; ms: number }
  | { type: 'step-skip'; at: number; step: StepId; reason: 'unneeded' | 'upstream' | 'interrupted'; cause?: StepId }
  | { type: 'step-fail'; at: number; step: StepId; ms: number; problem: Diagnostic; dossier?: FailureReport }
  /** `again`: what failed is no verdict, the command looks and plans anew. */
  | { type: 'end'; at: number; ok: boolean; done: number; failed: number; skipped: number; again?: boolean }

export type Emit = (event: RunEvent) => void
