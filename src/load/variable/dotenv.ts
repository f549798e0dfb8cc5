import { type Checked, checked } from '../../diagnostics/checked.ts'
import { type Diagnostic, error, isError, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { type Source, source, spanBetween } from '../../yaml/lines.ts'
import { newRoom, type Room, substitute } from './substitute.ts'
import type { TemplateProblem } from './template.ts'

/** The variables of an env file; `at` spans the whole assignment. */
export type Dotenv = Map<string, { value: string; at: Span }>

type Lookup = (name: string) => string | undefined

interface Parser {
  from: Source
  lookup: Lookup
  raw: boolean
  before: Dotenv
  found: Dotenv
  warned: Set<string>
  room: Room
  diagnostics: Diagnostic[]
}

/**
 * Reads an env file as `docker compose` does (compose-go/dotenv): comments, `export`, `KEY=value` and `KEY: value`,
 * single quotes for literal text, double quotes with escapes and variables, both over several lines, ` #` comments after
 * unquoted values, and a key alone, which takes its value from `lookup` or is left out. Variables in values are looked up
 * with `lookup` first, then among the keys above, then in `before`, what earlier files hold. With `raw`, everything behind `=` is the value, as `docker run` has it.
 */
export function parseDotenv(
  text: string,
  file: string,
  lookup: Lookup,
  options: { raw?: boolean; before?: Dotenv } = {},
): Checked<Dotenv> {
  const from = source(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
  const parser: Parser = {
    from,
    lookup,
    raw: options.raw ?? false,
    before: options.before ?? new Map(),
    found: new Map(),
    warned: new Set(),
    room: newRoom(),
    diagnostics: [],
  }
  let at = 0
  while (at < from.text.length) at = parseStatement(parser, at)
  return checked(parser.found, parser.diagnostics)
}

/** Parses one statement or skips what is none, and returns the offset of the next. */
function parseStatement(parser: Parser, from: number): number {
  const { text } = parser.from
  const start = from + match(parser.raw ? /\s*/y : /\s*(?:export[^\S\n]+)?/y, text, from).length
  const lineEnd = endOfLine(text, start)
  if (start >= text.length || text[start] === '#') return lineEnd + 1
  const line = text.slice(start, lineEnd)
  if (parser.raw) return readRaw(parser, line, start, lineEnd)
  const key = /^[^=:]*/.exec(line)?.[0].trimEnd() ?? ''
  if (key === '') warnNameless(parser, start)
  const problem = keyProblem(key)
  if (problem)
    return reject(parser, start + problem.offset, start + problem.offset + 1, problem.message, problem.hint, lineEnd)
  const separator = /^[^=:]*[=:]/.exec(line)
  if (!separator) return inherit(parser, key, start, lineEnd)
  const valueStart = start + separator[0].length + match(/[^\S\n]*/y, text, start + separator[0].length).length
  return readValue(parser, key, start, valueStart, lineEnd)
}

/** Compose keeps such a value, under no name. */
function warnNameless(parser: Parser, at: number): void {
  const place = spanBetween(parser.from, at, at + 1)
  report(
    parser,

    warning('env-file-syntax', 'a variable name is missing', { at: place, hint: 'write NAME=value' }),
  )
}

function keyProblem(key: string): { offset: number; message: string; hint: string } | undefined {
  const offset = key.search(/[^\p{L}\p{N}_.\-[\]]/u)
  if (offset < 0) return undefined
  const space = /\s/.test(key[offset] ?? '')
  const message = space
    ? `the variable name "${foreign(key)}" holds a space`
    : `"${key[offset]}" cannot be part of a variable name`
  return { offset, message, hint: 'write NAME=value; a name holds letters, digits and _' }
}

function inherit(parser: Parser, key: string, start: number, lineEnd: number): number {
  const value = parser.lookup(key) ?? parser.before.get(key)?.value
  if (value !== undefined) add(parser, key, value, start, start + key.length)
  return lineEnd + 1
}

/** Source: docker/cli, pkg/kvfile. */
function readRaw(parser: Parser, written: string, start: number, lineEnd: number): number {
  const line = written.replace(/\r$/, '')
  const equals = line.indexOf('=')
  const key = equals < 0 ? line : line.slice(0, equals)
  const space = key.search(/\s/)
  if (key === '') return reject(parser, start, start + 1, 'a variable name is missing', 'write NAME=value', lineEnd)
  if (space >= 0) {
    const message = `the variable name "${foreign(key)}" holds a space`
    return reject(parser, start + space, start + space + 1, message, 'write NAME=value', lineEnd)
  }
  if (equals < 0) return inherit(parser, key, start, lineEnd)
  add(parser, key, line.slice(equals + 1), start, lineEnd)
  return lineEnd + 1
}

function readValue(parser: Parser, key: string, start: number, valueStart: number, lineEnd: number): number {
  const quote = parser.from.text[valueStart]
  if (quote === '"' || quote === "'") return readQuoted(parser, key, start, valueStart, quote)
  const written = parser.from.text.slice(valueStart, lineEnd)
  const value = (written.split(' #')[0] ?? '').trimEnd()
  const end = valueStart + value.length
  add(parser, key, expand(parser, value, valueStart, end), start, end)
  return lineEnd + 1
}

function readQuoted(parser: Parser, key: string, start: number, open: number, quote: '"' | "'"): number {
  const { text } = parser.from
  const body = match(quote === '"' ? /(?:[^"\\]|\\.)*/sy : /(?:[^'\\]|\\.)*/sy, text, open + 1)
  const close = open + 1 + body.length
  const lineEnd = endOfLine(text, close)
  if (text[close] !== quote) {
    return reject(
      parser,
      open,
      open + 1,
      `the value of ${key} has no closing ${quote}`,
      `close it with ${quote}`,
      endOfLine(text, open),
    )
  }
  const rest = match(/[^\S\n]*(?:#[^\n]*)?/y, text, close + 1)
  if (close + 1 + rest.length < lineEnd) warnFollowing(parser, key, close + 1, lineEnd)
  const value = quote === "'" ? body.replaceAll("\\'", "'") : expand(parser, unescaped(body), open + 1, close)
  add(parser, key, value, start, close + 1)
  return close + 1 + rest.length
}

/** What follows is a statement of its own for Compose, as if it stood in the next line. */
function warnFollowing(parser: Parser, key: string, from: number, to: number): void {
  const message = `more text follows the quoted value of ${key}, and is no part of it`
  const hint = 'put the whole value between the quotes'
  report(parser, warning('env-file-syntax', message, { at: spanBetween(parser.from, from, to), hint }))
}

const CONTROL: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** Escapes of a double-quoted value; `\$` becomes `$$`, which substitution turns into a literal dollar sign. */
function unescaped(body: string): string {
  return body.replace(/\\(?:0([0-7]{1,3})|(.))/gs, (whole, octal: string | undefined, letter: string | undefined) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return letter === '$' ? '$$' : (CONTROL[letter ?? ''] ?? whole)
  })
}

function expand(parser: Parser, value: string, start: number, end: number): string {
  const above = (name: string) => (parser.found.get(name) ?? parser.before.get(name))?.value
  const result = substitute(value, (name) => parser.lookup(name) ?? above(name), parser.room)
  const exact = parser.from.text.slice(start, end) === value
  const place = (from: number, to: number) =>
    spanBetween(parser.from, exact ? start + from : start, exact ? start + to : end)
  for (const problem of result.problems) {
    report(
      parser,

      error(problem.code, problem.message, { at: place(problem.start, problem.end), hint: dotenvHint(problem) }),
    )
  }
  for (const { name, start: from, end: to } of result.unset) {
    if (parser.warned.has(name)) continue
    parser.warned.add(name)
    const message = `the variable ${name} is not set and stands for an empty string`
    report(parser, warning('variable-unset', message, { at: place(from, to), hint: unsetHint(name) }))
  }
  return result.value
}

const LITERAL = "for a literal $ put the value in single quotes here: NAME='…'"

function unsetHint(name: string): string {
  return `${LITERAL}; else set ${name} above, or write \${${name}:-value}`
}

function dotenvHint({ code, hint }: TemplateProblem): string {
  return code === 'interpolation-syntax' && hint.includes('$$') ? LITERAL : hint
}

/** The first of very many: nobody reads more. That there is an error is always known. */
function report({ diagnostics }: Parser, problem: Diagnostic): void {
  const room = diagnostics.length < MOST_PROBLEMS
  if (room || (isError(problem) && !diagnostics.some(isError))) diagnostics.push(problem)
}

const MOST_PROBLEMS = 100

function add(parser: Parser, key: string, value: string, start: number, end: number): void {
  parser.found.set(key, { value, at: spanBetween(parser.from, start, end) })
}

function reject(parser: Parser, start: number, end: number, message: string, hint: string, lineEnd: number): number {
  report(parser, error('env-file-syntax', message, { at: spanBetween(parser.from, start, end), hint }))
  return lineEnd + 1
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function match(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}
