import { type Diagnostic, error, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { type Source, source, spanBetween } from '../../yaml/lines.ts'
import { newRoom } from './substitute.ts'

/** The variables of an env file; `at` spans the whole assignment. */
export type Dotenv = Map<string, { value: string; at: Span }>

export type Lookup = (name: string) => string | undefined

/** Offsets into the text; the end is exclusive. */
export interface Extent {
  start: number
  end: number
}

/** An assignment being parsed. */
export interface Assignment {
  key: string
  start: number
  /** The end of the line that it starts on. */
  lineEnd: number
}

/** More than anyone reads. */
const MOST_PROBLEMS = 100

/** The parser's state for an env file. */
export class DotenvState {
  readonly from: Source
  readonly lookup: Lookup
  readonly before: Dotenv
  readonly found: Dotenv = new Map()
  readonly room = newRoom()
  /** Variables that were already reported as unset. */
  readonly warned = new Set<string>()
  readonly diagnostics: Diagnostic[] = []

  constructor(text: string, file: string, lookup: Lookup, before: Dotenv) {
    this.from = source(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
    this.lookup = lookup
    this.before = before
  }

  at({ start, end }: Extent): Span {
    return spanBetween(this.from, start, end)
  }

  add(key: string, value: string, extent: Extent): void {
    this.found.set(key, { value, at: this.at(extent) })
  }

  reject(extent: Extent, message: string, hint: string): void {
    this.report(error('env-file-syntax', message, { at: this.at(extent), hint }))
  }

  /** Keeps only the first problems, but always records that there is an error. */
  report(problem: Diagnostic): void {
    const isFull = this.diagnostics.length >= MOST_PROBLEMS
    if (!isFull || (isError(problem) && !this.diagnostics.some(isError))) this.diagnostics.push(problem)
  }
}

export function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

export function match(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}
