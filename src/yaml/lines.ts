import type { Span } from '../diagnostics/span.ts'

/** A text with the offsets of its line starts, so that converting an offset to line and column takes logarithmic time. */
export interface Source {
  file: string
  text: string
  lineStarts: readonly number[]
  /** The index of the line of the last query: most queries are about the same line or the next one. */
  recent: number
}

export function source(text: string, file: string): Source {
  return { file, text, lineStarts: text.includes('\r') ? startsAfterAny(text) : startsAfterFeeds(text), recent: 0 }
}

function startsAfterFeeds(text: string): number[] {
  const starts = [0]
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1)
  return starts
}

function startsAfterAny(text: string): number[] {
  const starts = [0]
  for (const lineBreak of text.matchAll(/\r\n?|\n/g)) starts.push(lineBreak.index + lineBreak[0].length)
  return starts
}

/** The line and column of an offset, counted from 1 in UTF-16 units; the offset may be one past the end. */
export function positionAt(from: Source, offset: number): { line: number; col: number } {
  const index = lineAt(from, offset)
  return { line: index + 1, col: offset - (from.lineStarts[index] ?? 0) + 1 }
}

/** The span between two offsets; the end is exclusive. */
export function spanBetween(from: Source, start: number, end: number): Span {
  const { file, lineStarts } = from
  const first = lineAt(from, start)
  const last = lineAt(from, end)
  return {
    file,
    line: first + 1,
    col: start - (lineStarts[first] ?? 0) + 1,
    endLine: last + 1,
    endCol: end - (lineStarts[last] ?? 0) + 1,
  }
}

function lineAt(from: Source, offset: number): number {
  let index = from.recent
  if (!isIn(from, offset, index)) {
    index = isIn(from, offset, index + 1) ? index + 1 : search(from.lineStarts, offset)
    from.recent = index
  }
  return index
}

function isIn({ lineStarts }: Source, offset: number, index: number): boolean {
  const start = lineStarts[index]
  const next = lineStarts[index + 1]
  return start !== undefined && start <= offset && (next === undefined || offset < next)
}

function search(lineStarts: readonly number[], offset: number): number {
  let low = 0
  let high = lineStarts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low
}

/** The offset of a line and column; the inverse of `positionAt`. */
export function offsetOf({ lineStarts }: Source, line: number, col: number): number {
  return (lineStarts[line - 1] ?? 0) + col - 1
}
