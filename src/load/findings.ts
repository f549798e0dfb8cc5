import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Report } from './tree/rewrite.ts'

/** A problem of single services: an error of `plan` and `up` if they select these services. */
export interface Clash {
  service: string
  /** The clash counts only if this service is selected too. */
  other?: string
  problem: Diagnostic
  /** Fails loading if the service is selected. Other clashes are conflicts with the environment: warnings of `config`. */
  firm?: true
}

/** More than anyone reads; formatting tens of thousands takes seconds. */
export const MOST_PROBLEMS = 100

/** The findings of one phase. */
interface Found {
  diagnostics?: readonly Diagnostic[]
  clashes?: readonly Clash[]
  unlisted?: number
}

/** The problems found so far by one load, in all its models. */
export class Findings {
  readonly diagnostics: Diagnostic[] = []
  readonly clashes: Clash[] = []
  /** The number of problems beyond MOST_PROBLEMS per file. */
  unlisted = 0
  /** A file could not be read, so names may wrongly appear to be missing. */
  incomplete = false

  #hints = 0

  add({ diagnostics = [], clashes = [], unlisted = 0 }: Found): void {
    for (const problem of diagnostics) this.diagnostics.push(problem)
    for (const clash of clashes) this.clashes.push(clash)
    this.unlisted += unlisted
  }

  /** Whether one more problem gets a hint about a similar name: the search is slow, and later problems are not shown. */
  mayHint(): boolean {
    return this.#hints++ < MOST_PROBLEMS
  }

  readonly report: Report = (problem) => {
    this.diagnostics.push(problem)
  }
}
