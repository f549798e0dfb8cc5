import type { Span } from '../diagnostics/span.ts'

/** A text with the offsets at which its lines start, so that an offset becomes a line and column in logarithmic time. */
export interface Source {
  file: string
  text: string
  lineStarts: readonly number[]
}

export function source(text: string, file: string): Source {
  const lineStarts = [0]
  for (const lineBreak of text.matchAll(/\r\n?|\n/g)) lineStarts.push(lineBreak.index + lineBreak[0].length)
  return { file, text, lineStarts }
}

/** Line and column, counted from 1 in UTF-16 units, of an offset; one past the end is allowed. */
export function positionAt({ lineStarts }: Source, offset: number): { line: number; col: number } {
  let low = 0
  let high = lineStarts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, col: offset - (lineStarts[low] ?? 0) + 1 }
}

/** The span between two offsets, the end exclusive. */
export function spanBetween(from: Source, start: number, end: number): Span {
  const first = positionAt(from, start)
  const last = positionAt(from, end)
  return { file: from.file, line: first.line, col: first.col, endLine: last.line, endCol: last.col }
}

/** The offset of a line and column; the inverse of `positionAt`. */
export function offsetOf({ lineStarts }: Source, line: number, col: number): number {
  return (lineStarts[line - 1] ?? 0) + col - 1
}
