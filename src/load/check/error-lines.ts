import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { groupBy, remembered } from '../../util/object.ts'

/** The lines with errors, by file, for fast lookup of many spans. */
export interface ErrorLines {
  /** The number of errors, including those without a span. */
  count: number
  /** Whether an error starts on a line of the span. */
  isIn(span: Span): boolean
}

export function errorLinesOf(diagnostics: readonly Diagnostic[]): ErrorLines {
  const errors = diagnostics.filter(isError)
  const byFile = groupBy(
    errors.flatMap(({ at }) => at ?? []),
    ({ file }) => file,
  )
  const linesOf = remembered((file) => (byFile.get(file) ?? []).map(({ line }) => line).sort((a, b) => a - b))
  return {
    count: errors.length,
    isIn: ({ file, line, endLine }) => (firstFrom(linesOf(file), line) ?? Infinity) <= endLine,
  }
}

/** The first of the sorted lines that is at or after `line`. */
function firstFrom(lines: readonly number[], line: number): number | undefined {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle] ?? 0) < line) low = middle + 1
    else high = middle
  }
  return lines[low]
}
