import { COMMAND_BEGIN, COMMAND_END } from '../diagnostics/own-command.ts'
import { padEnd, widthOf } from './width.ts'

/** Where a text stands on a terminal. */
export interface Place {
  /** The terminal's width; Infinity for a file or a pipe, where nothing is wrapped. */
  columns: number
  /** The columns that are taken on the first line. */
  taken?: number
  /** The columns before the other lines. */
  indent?: number
}

/**
 * Wraps a text at its spaces. Commands are never broken: one for the user to copy (`shellCommand`) that does not fit on the rest of its line
 * gets a line of its own; one in backticks goes to the next line. An overlong word stays whole. The lines of the text remain lines.
 */
export function prose(text: string, { columns, taken = 0, indent = 0 }: Place): string {
  if (columns === Infinity) return withoutCommandMarks(text)
  const margin = columns - indent < LEAST ? Math.min(indent, NARROW) : indent
  const [first = '', ...others] = text.split('\n')
  const lines = [first, ...others].flatMap((line, at) => {
    const parts = wrap(line, columns - (at === 0 ? taken : 0), columns - margin)
    return parts.map((part, row) => (row === 0 ? part : ' '.repeat(margin) + part))
  })
  return lines.join('\n')
}

/** Narrower columns of text are hard to read: the indent shrinks instead. */
const LEAST = 24
const NARROW = 4

/** Wraps a single line to a number of columns. */
export function wrapped(text: string, columns: number): string[] {
  return wrap(text, columns, columns)
}

/** Two columns; the second wraps within itself, or moves below the first on a narrow terminal. */
export function pairs(rows: readonly (readonly [string, string])[], columns: number, gap = 2): string[] {
  const left = Math.max(0, ...rows.map(([term]) => widthOf(term))) + gap
  const narrow = columns - left - 2 < LEAST
  // Flags without a short form are indented themselves.
  const below = Math.max(0, ...rows.map(([term]) => term.search(/\S/))) + NARROW
  return rows.flatMap(([term, text]) => {
    const lines = wrapped(text, columns - (narrow ? below : left) - 2)
    if (narrow) return [term, ...lines.map((line) => `${' '.repeat(below)}${line}`)]
    return lines.map((line, index) => `${padEnd(index === 0 ? term : '', left)}${line}`)
  })
}

/** The text without the marks of commands. */
export function withoutCommandMarks(text: string): string {
  return text.replace(MARKS, '')
}

const MARKS = new RegExp(`[${COMMAND_BEGIN}${COMMAND_END}]`, 'g')
const COMMAND = new RegExp(`${COMMAND_BEGIN}[^${COMMAND_END}]*${COMMAND_END}`, 'g')
/** Stand for a space inside a command, and for others at which no line breaks, while lines are broken at spaces: noncharacters, too. */
const HARD = '\uFDD5'
const GLUE = '\uFDD6'
const STANDING_IN = new RegExp(`[${HARD}${GLUE}]`, 'g')
const TOGETHER = /`[^`]+`|(?<=\d) (?=(?:ms|s|min|h|[kMGT]?i?B)\b)/g

function glued(text: string): string {
  return text.replaceAll(' ', GLUE)
}

/** Wraps a line into two widths: that of the first line, and that of the others. */
function wrap(text: string, first: number, others: number): string[] {
  const whole = text.replace(COMMAND, (command) => command.replaceAll(' ', HARD)).replace(TOGETHER, glued)
  const lines: string[][] = []
  let room = first
  let used = 0
  const begin = () => {
    if (lines.length > 0) room = others
    lines.push([])
    used = -1
  }
  begin()
  for (const hard of whole.split(' ')) {
    const word = withoutCommandMarks(hard).replace(STANDING_IN, ' ')
    const fits = used + 1 + widthOf(word) <= room
    if (!fits && (used >= 0 || room < others)) begin()
    lines.at(-1)?.push(word)
    used += 1 + widthOf(word)
    if (!fits && hard.includes(HARD)) begin()
  }
  return lines.filter((line, at) => at === 0 || line.length > 0).map((line) => line.join(' '))
}
