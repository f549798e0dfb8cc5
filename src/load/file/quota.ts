import { error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import type { Findings } from '../findings.ts'

/** Limits how much of something one load may take in, over all its models. */
export class Quota {
  #used = 0
  #isReported = false
  readonly #limit: number
  readonly #problem: () => { message: string; hint: string }
  readonly #findings: Findings

  /** @param problem is called only to report: formatting a number takes 30 ms the first time */
  constructor(limit: number, problem: () => { message: string; hint: string }, findings: Findings) {
    this.#limit = limit
    this.#problem = problem
    this.#findings = findings
  }

  use(amount: number): void {
    this.#used += amount
  }

  /** False beyond the limit, which is reported only once. */
  isKept(at: Span | undefined, report = this.#findings.report): boolean {
    if (this.#used <= this.#limit) return true
    if (!this.#isReported) this.#report(at, report)
    this.#isReported = true
    this.#findings.incomplete = true
    return false
  }

  #report(at: Span | undefined, report: Findings['report']): void {
    const { message, hint } = this.#problem()
    report(error('extends-failed', message, { at, hint }))
  }
}
