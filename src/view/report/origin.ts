import { relative } from 'node:path'
import type { Span } from '../../diagnostics/span.ts'
import { Outline } from '../../stack/outline.ts'
import type { Sensitive } from '../../stack/sensitive.ts'
import type { Palette } from '../palette.ts'
import { prose } from '../prose.ts'
import { jsonText, oneLine } from '../redact/visible.ts'
import { clip, padEnd, widthOf } from '../width.ts'
import { snippet } from './snippet.ts'

/** Compatible with load's Explained. */
export interface Origin {
  path: string
  value?: unknown
  source: { at?: Span; how: string; through: { what: string; at: Span }[]; written?: string }
  variables: { name: string; value: string; from: string; lost: { value: string; from: string }[] }[]
  lost: { at: Span; value: unknown; reason: string }[]
  children: Origin[]
}

export interface OriginLook {
  palette: Palette
  columns: number
  /** The width at which sentences are wrapped: Infinity unless they go to a terminal. */
  wrapAt: number
  workingDirectory: string
  sensitive: Sensitive
  sourceOf(file: string): string | undefined
}

/**
 * Shows where a value comes from and which values it overrode; for a mapping or list, one line for everything inside. Ends with a
 * newline.
 */
export function originText(origin: Origin, look: OriginLook): string {
  const lines = origin.children.length > 0 ? treeLines(origin, look) : leafLines(origin, look)
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function leafLines(origin: Origin, look: OriginLook): string[] {
  const { palette } = look
  const value = origin.value === undefined ? palette.dim('(not set)') : valueText(origin.value)
  return [
    `${palette.bold(oneLine(origin.path))} = ${value}`,
    ...sourceLines(origin, look),
    ...rowsOf('variables', variableRows(origin, look), look),
    ...rowsOf('lost', lostRows(origin, look), look),
  ]
}

const VERBS: Readonly<Record<string, string>> = {
  default: 'a default: no file sets it',
  removed: 'removed at',
  extends: 'set in the service that it extends, at',
  'env file': 'set in an env file, at',
  'label file': 'set in a label file, at',
}

function sourceLines({ source: { at, how, through } }: Origin, look: OriginLook): string[] {
  const { palette } = look
  const words = VERBS[how] ?? 'set at'
  if (!at) return ['', `  ${words}`]
  const found = snippetOf(at, look)
  const ways = through.map(({ what, at: place }) => `  ${palette.dim('through')} ${what}, ${placeText(place, look)}`)
  return ['', `  ${words} ${palette.blue(placeText(at, look))}`, ...found, ...ways]
}

function snippetOf(at: Span, { palette, columns, sourceOf, sensitive }: OriginLook): string[] {
  const text = sourceOf(at.file)
  const number = String(at.line)
  const room = Math.max(8, columns - number.length - 7)
  const found = text === undefined ? undefined : snippet(Outline.of(text), at, room, sensitive)
  if (!found) return []
  const bar = palette.blue('|')
  const empty = ' '.repeat(number.length)
  return [`    ${palette.blue(number)} ${bar} ${found.line}`, `    ${empty} ${bar} ${palette.green(found.marks)}`]
}

function variableRows({ variables }: Origin, look: OriginLook): string[][] {
  return variables.flatMap(({ name, value, from, lost }) => [
    [name, valueText(value), from === 'unset' ? 'not set: replaced by an empty string' : fromText(from, look)],
    ...lost.map((each) => ['', valueText(each.value), `${fromText(each.from, look)}, lost`]),
  ])
}

function fromText(from: string, look: OriginLook): string {
  const [, file, line] = /^(.*):(\d+)$/s.exec(from) ?? []
  if (file && line) return `${shortPath(file, look)}:${line}`
  const words: Record<string, string> = {
    shell: 'from the shell',
    default: 'the default in the expression',
    alternative: 'the alternative in the expression',
  }
  return words[from] ?? from
}

function lostRows({ lost }: Origin, look: OriginLook): string[][] {
  return lost.map(({ at, value, reason }) => [placeText(at, look), valueText(value), reason])
}

/** Rows under a heading, in columns. */
function rowsOf(heading: string, rows: readonly string[][], { palette, columns, wrapAt }: OriginLook): string[] {
  if (rows.length === 0) return []
  const widths = [0, 1].map((column) => Math.min(40, Math.max(...rows.map((row) => widthOf(row[column] ?? '')))))
  const lines = rows.map(([first = '', second = '', third = '']) => {
    const cell = clip(second, widths[1] ?? 0)
    return `    ${padEnd(first, widths[0] ?? 0)}  ${padEnd(cell, widths[1] ?? 0)}  ${palette.dim(third)}`
  })
  const fits = lines.every((line) => widthOf(line) <= wrapAt)
  const narrow = rows.map(
    (row) => `    ${prose(row.filter(Boolean).join('  '), { columns: wrapAt, taken: 4, indent: 8 })}`,
  )
  const shown = fits ? lines.map((line) => (widthOf(line) > 4 * columns ? clip(line, columns) : line)) : narrow
  return ['', `  ${heading}`, ...shown]
}

interface Line {
  left: string
  value: string
  place: string
}

function treeLines(origin: Origin, look: OriginLook): string[] {
  const lines = origin.children.flatMap((child) => branchLines(child, origin.path, 1, look))
  const left = Math.min(40, Math.max(...lines.map((line) => widthOf(line.left))))
  const value = Math.min(VALUE, Math.max(...lines.map((line) => widthOf(line.value))))
  const text = (line: Line) =>
    `${padEnd(line.left, left)}  ${padEnd(clip(line.value, VALUE), value)}  ${look.palette.dim(line.place)}`
  const whole = lines.map(text)
  const shown = whole.every((line) => widthOf(line) <= look.wrapAt) ? whole : lines.map((line) => narrow(line, look))
  return [look.palette.bold(origin.path || 'the stack'), ...shown, ...lostOf(origin, look)]
}

/** The place below its value. */
function narrow({ left, value, place }: Line, { palette, wrapAt }: OriginLook): string {
  const indent = left.search(/\S/) + 4
  const head = clip(`${left}  ${value}`.trimEnd(), wrapAt)
  const below = `${' '.repeat(indent)}${palette.dim(prose(place, { columns: wrapAt, taken: indent, indent }))}`
  return place === '' ? head : `${head}\n${below}`
}

/** The width of a value in a tree; `config` prints it in full. */
const VALUE = 44

function branchLines(origin: Origin, parent: string, depth: number, look: OriginLook): Line[] {
  const indent = '  '.repeat(depth)
  const name = oneLine(origin.path.slice(parent.length).replace(/^\./, ''))
  const left = `${indent}${name}`
  if (origin.children.length === 0) return [{ left, value: shown(origin), place: summaryOf(origin, look) }]
  const inner = origin.children.flatMap((child) => branchLines(child, origin.path, depth + 1, look))
  const gone = origin.lost.map((each) => ({
    left: `${indent}  -`,
    value: valueText(each.value),
    place: `${placeText(each.at, look)}, lost: ${each.reason}`,
  }))
  return [{ left, value: '', place: '' }, ...inner, ...gone]
}

function lostOf(origin: Origin, look: OriginLook): string[] {
  return rowsOf('lost', lostRows(origin, look), look)
}

function shown({ value, source }: Origin): string {
  if (value === undefined) return '(not set)'
  return valueText(typeof value === 'object' && source.written !== undefined ? source.written : value)
}

/** `override.yaml:4:13, MODE from .env:3; over compose.yaml:7:13`. */
function summaryOf({ source, variables, lost }: Origin, look: OriginLook): string {
  const place = source.at ? placeText(source.at, look) : 'a default'
  const how = source.how === 'removed' ? 'removed at ' : ''
  const names = variables.map(({ name, from }) => `${name}: ${from === 'unset' ? 'not set' : fromText(from, look)}`)
  const over = lost.map(({ at }) => placeText(at, look))
  const said = `${how}${[place, ...names].join(', ')}`
  return over.length > 0 ? `${said}; over ${over.join(', ')}` : said
}

/** Prints strings without quotes, unless that would look like another type. */
function valueText(value: unknown): string {
  return typeof value === 'string' && value !== '' && !/\p{Cc}|^\s|\s$/u.test(value) ? value : jsonText(value)
}

function placeText({ file, line, col }: Span, look: OriginLook): string {
  return `${shortPath(file, look)}:${line}:${col}`
}

function shortPath(file: string, { workingDirectory }: OriginLook): string {
  if (file === '-') return '<stdin>'
  const path = relative(workingDirectory, file)
  return oneLine(path === '' || path.startsWith('..') ? file : path)
}
