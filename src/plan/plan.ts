import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Address } from '../stack/address.ts'
import type { Step } from './step.ts'

/** Everything that a command will do, before it does any of it. Steps stand in an order in which they could run one by one. */
export interface Plan<A> {
  stack: string
  steps: Step<A>[]
  /** What was looked at and left alone. */
  unchanged: Address[]
  /** What the user should know though nothing is done about it: orphans, a volume that differs, … */
  notes: Diagnostic[]
}
