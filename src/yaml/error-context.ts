import { offsetOf, positionAt, type Source } from './lines.ts'

/** What the parser said, with the lines around it. Offsets are into the text. */
export interface ErrorContext {
  text: string
  reason: string
  position: number
  /** The line of the position, and the nearest line above it that holds something. */
  line: Line
  above: Line | undefined
  /** Up to so many lines above the position, the nearest first. */
  linesAbove: Line[]
}

export interface Line {
  start: number
  /** Without the line break. */
  text: string
}

/** A cause found: the offsets to point at (one character if there is no end), what it is, and what to do. */
export interface Finding {
  start: number
  end?: number
  message: string
  hint?: string
}

/** How far above the position a cause is looked for. */
const REACH = 100

export function errorContextAt(from: Source, reason: string, position: number): ErrorContext {
  const { line } = positionAt(from, position)
  const first = Math.max(1, line - REACH)
  const linesAbove = Array.from({ length: line - first }, (_, index) => lineAt(from, line - 1 - index))
  const above = linesAbove.find((each) => /^\s*[^\s#]/.test(each.text))
  return { text: from.text, reason, position, line: lineAt(from, line), above, linesAbove }
}

function lineAt(from: Source, line: number): Line {
  const start = offsetOf(from, line, 1)
  const end = from.lineStarts[line] ?? from.text.length
  return { start, text: from.text.slice(start, end).replace(/\r?\n$|\r$/, '') }
}
