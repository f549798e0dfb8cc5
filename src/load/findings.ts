import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Report } from './tree/rewrite.ts'

/** A problem of single services: an error of `plan` and `up` where they are selected. */
export interface Clash {
  service: string
  /** The clash counts only where this service is selected too. */
  other?: string
  problem: Diagnostic
  /** It fails loading if the service is selected. Others are clashes with the outside world: warnings of `config`. */
  firm?: true
}

/** More than anyone reads; finding words for tens of thousands takes seconds. */
export const MOST_PROBLEMS = 100

/** The findings of one phase. */
interface Found {
  diagnostics?: readonly Diagnostic[]
  clashes?: readonly Clash[]
  unlisted?: number
}

/** The problems that one load has found so far, in all its models. */
export class Findings {
  readonly diagnostics: Diagnostic[] = []
  readonly clashes: Clash[] = []
  /** How many problems were found beyond MOST_PROBLEMS of one file. */
  unlisted = 0
  /** A file could not be read, so that names may wrongly seem to be missing. */
  incomplete = false

  #hints = 0

  add({ diagnostics = [], clashes = [], unlisted = 0 }: Found): void {
    for (const problem of diagnostics) this.diagnostics.push(problem)
    for (const clash of clashes) this.clashes.push(clash)
    this.unlisted += unlisted
  }

  /** Whether one more problem gets a hint at a similar name: the search takes time, and no more problems are shown. */
  mayHint(): boolean {
    return this.#hints++ < MOST_PROBLEMS
  }

  readonly report: Report = (problem) => {
    this.diagnostics.push(problem)
  }
}
