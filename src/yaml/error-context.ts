import { offsetOf, positionAt, type Source } from './lines.ts'

/** A parser error with the surrounding lines. Offsets refer to the text. */
export interface ErrorContext {
  text: string
  reason: string
  position: number
  /** The line of the position, and the nearest non-blank line above it. */
  line: Line
  above: Line | undefined
  /** Up to REACH lines above the position, nearest first. */
  linesAbove: Line[]
}

export interface Line {
  start: number
  /** Without the line break. */
  text: string
}

/** A cause: the offsets to mark (one character without an end), a message and a hint. */
export interface Finding {
  start: number
  end?: number
  message: string
  hint?: string
}

/** The number of lines above the position that are searched for a cause. */
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
