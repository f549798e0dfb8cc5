import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Plan } from '../plan/plan.ts'
import type { Emit } from './event.ts'
import type { Clock, Perform } from './scope.ts'

export interface ExecuteOptions {
  signal: AbortSignal
  clock: Clock
  emit: Emit
}

export interface Outcome {
  ok: boolean
  done: number
  failed: number
  skipped: number
  problems: Diagnostic[]
}

/** Carries out a plan: every step as soon as what it comes after allows. Never throws; failures are in the outcome and the events. */
export declare function execute<A>(plan: Plan<A>, perform: Perform<A>, options: ExecuteOptions): Promise<Outcome>
