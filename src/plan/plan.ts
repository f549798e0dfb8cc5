import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Address } from '../stack/address.ts'
import type { Step } from './step.ts'

/** All steps of a command, in an order in which they could run one by one. */
export interface Plan<A> {
  stack: string
  steps: Step<A>[]
  /** Resources that are up to date. */
  unchanged: Address[]
  /** Facts for the user that need no step: orphans, a volume that differs, … */
  notes: Diagnostic[]
}
