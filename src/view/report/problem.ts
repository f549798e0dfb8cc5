import { relative } from 'node:path'
import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { Outline } from '../../stack/outline.ts'
import type { Sensitive } from '../../stack/sensitive.ts'
import type { Palette } from '../palette.ts'
import { counted } from '../progress/time.ts'
import { prose } from '../prose.ts'
import { oneLine, visible } from '../redact/visible.ts'
import { snippet } from './snippet.ts'

export interface ProblemStyle {
  palette: Palette
  columns: number
  /** The width at which sentences are wrapped: Infinity unless they go to a terminal. */
  wrapAt: number
  sensitive: Sensitive
  /** The text of the file that a span refers to, if available. */
  sourceOf(file: string): string | undefined
  /** Paths below this directory are shown relative to it. */
  workingDirectory: string
}

/**
 * Formats problems as a compiler does: message, position, source line with marks below it, hint; sorted by file and line, with a
 * final count. Ends with a newline.
 */
export function problemsText(diagnostics: readonly Diagnostic[], style: ProblemStyle): string {
  if (diagnostics.length === 0) return ''
  const linesOf = linesReader(style)
  const blocks = inOrder(diagnostics).map((diagnostic) => textOf(diagnostic, { ...style, linesOf }))
  const total = diagnostics.length > 1 ? `\n${countText(diagnostics, style.palette)}\n` : ''
  return blocks.join(blocks.some((block) => block.trimEnd().includes('\n')) ? '\n' : '') + total
}

export function problemText(diagnostic: Diagnostic, style: ProblemStyle): string {
  return textOf(diagnostic, { ...style, linesOf: linesReader(style) })
}

interface Style extends ProblemStyle {
  linesOf(file: string): Outline | undefined
}

/** Reads and splits each file only once, however many problems it has. */
function linesReader({ sourceOf }: ProblemStyle): Style['linesOf'] {
  const read = new Map<string, Outline | undefined>()
  return (file) => {
    if (!read.has(file)) {
      const text = sourceOf(file)
      read.set(file, text === undefined ? undefined : Outline.of(text))
    }
    return read.get(file)
  }
}

function textOf(diagnostic: Diagnostic, style: Style): string {
  const { palette } = style
  const { severity, code, message, at, hint, related = [] } = diagnostic
  const colour = severity === 'error' ? palette.red : palette.yellow
  const kind = `${severity}[${code}]`
  const head = `${colour.bold(kind)}${palette.bold(`: ${sentence(message, kind.length + 2, MARGIN, style)}`)}`
  const gutter = gutterOf([at, ...related.map((each) => each.at)])
  const parts = [
    head,
    ...(at ? placeLines(at, colour, gutter, style) : []),
    ...related.flatMap((each) => [
      labelled('note:', each.message, gutter, style),
      ...placeLines(each.at, palette.cyan, gutter, style),
    ]),
    ...(hint ? [labelled('hint:', hint, gutter, style)] : []),
  ]
  return `${parts.join('\n')}\n`
}

/** The columns before further lines of a message: less than a hint, more than a place. */
const MARGIN = 4

function labelled(label: string, text: string, gutter: number, style: ProblemStyle): string {
  const taken = gutter + label.length + 2
  return `${' '.repeat(gutter)} ${style.palette.cyan(label)} ${sentence(text, taken, taken, style)}`
}

/** @param taken columns on the first line */
function sentence(text: string, taken: number, indent: number, { wrapAt }: ProblemStyle): string {
  return prose(visible(text), { columns: wrapAt, taken, indent })
}

/** `2 errors, 1 warning`. */
function countText(diagnostics: readonly Diagnostic[], palette: Palette): string {
  const errors = diagnostics.filter(isError).length
  const warnings = diagnostics.length - errors
  const parts = [
    errors > 0 && palette.red(counted(errors, 'error')),
    warnings > 0 && palette.yellow(counted(warnings, 'warning')),
  ]
  return parts.filter(Boolean).join(', ')
}

function placeLines(at: Span, colour: (text: string) => string, gutter: number, style: Style): string[] {
  const { palette } = style
  const place = `${' '.repeat(gutter)}${palette.blue('-->')} ${pathOf(at.file, style)}:${at.line}:${at.col}`
  const lines = style.linesOf(at.file)
  const found = lines && snippet(lines, at, Math.max(8, style.columns - gutter - 4), style.sensitive)
  if (!found) return [place]
  const bar = palette.blue('|')
  const number = palette.blue(String(at.line).padStart(gutter))
  const empty = ' '.repeat(gutter)
  return [
    place,
    `${empty} ${bar}`,
    `${number} ${bar} ${found.line}`,
    `${empty} ${bar} ${marksText(found.marks, colour)}`,
  ]
}

function marksText(marks: string, colour: (text: string) => string): string {
  const start = marks.search(/\S/)
  return marks.slice(0, start) + colour(marks.slice(start))
}

/** The width of the line numbers. */
function gutterOf(spans: readonly (Span | undefined)[]): number {
  return Math.max(2, ...spans.map((span) => String(span?.line ?? '').length + 1))
}

function pathOf(file: string, style: ProblemStyle): string {
  if (file === '-') return '<stdin>'
  const path = relative(style.workingDirectory, file)
  return oneLine(path === '' || path.startsWith('..') ? file : path)
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = (diagnostic: Diagnostic) => diagnostic.at ?? { file: '', line: 0, col: 0 }
  return [...diagnostics].sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left.file !== right.file) return left.file < right.file ? -1 : 1
    return left.line - right.line || left.col - right.col
  })
}
