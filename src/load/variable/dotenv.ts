import { type Checked, checked } from '../../diagnostics/checked.ts'
import { warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { type Assignment, type Dotenv, DotenvState, endOfLine, type Lookup, match } from './dotenv-state.ts'
import { readValue } from './dotenv-value.ts'

/**
 * Parses an env file as `docker compose` does (compose-go/dotenv): comments, `export`, `KEY=value` and `KEY: value`, single quotes
 * for literal text, double quotes with escapes and variables, both over several lines, ` #` comments after unquoted values. A key
 * alone takes its value from `lookup`, or is omitted. Variables in values are looked up with `lookup`, then among the keys above,
 * then in `before`, which has the values of earlier files. With `raw`, everything after `=` is the value, as in `docker run`.
 */
export function parseDotenv(
  text: string,
  file: string,
  lookup: Lookup,
  { raw = false, before = new Map() }: { raw?: boolean; before?: Dotenv } = {},
): Checked<Dotenv> {
  const state = new DotenvState(text, file, lookup, before)
  const { length } = state.from.text
  for (let at = 0; at < length; ) at = readStatement(state, at, raw)
  return checked(state.found, state.diagnostics)
}

/** Parses one statement or skips other text, and returns the offset of the next statement. */
function readStatement(state: DotenvState, from: number, raw: boolean): number {
  const { text } = state.from
  const start = from + match(raw ? /\s*/y : /\s*(?:export[^\S\n]+)?/y, text, from).length
  const lineEnd = endOfLine(text, start)
  if (start >= text.length || text[start] === '#') return lineEnd + 1
  const line = text.slice(start, lineEnd)
  if (!raw) return readLine(state, line, start, lineEnd)
  readRaw(state, line.replace(/\r$/, ''), start, lineEnd)
  return lineEnd + 1
}

function readLine(state: DotenvState, line: string, start: number, lineEnd: number): number {
  const key = /^[^=:]*/.exec(line)?.[0].trimEnd() ?? ''
  if (key === '') warnNameless(state, start)
  const problem = keyProblem(key)
  const separator = /^[^=:]*[=:]/.exec(line)
  const assignment = { key, start, lineEnd }
  if (!problem && separator) {
    const blank = match(/[^\S\n]*/y, state.from.text, start + separator[0].length)
    return readValue(state, assignment, start + separator[0].length + blank.length)
  }
  if (problem) {
    const { offset, message, hint } = problem
    state.reject({ start: start + offset, end: start + offset + 1 }, message, hint)
  } else inherit(state, assignment)
  return lineEnd + 1
}

/** Compose keeps such a value under an empty name. */
function warnNameless(state: DotenvState, start: number): void {
  const at = state.at({ start, end: start + 1 })
  state.report(warning('env-file-syntax', 'a variable name is missing', { at, hint: 'write NAME=value' }))
}

function keyProblem(key: string): { offset: number; message: string; hint: string } | undefined {
  const offset = key.search(/[^\p{L}\p{N}_.\-[\]]/u)
  if (offset < 0) return undefined
  const space = /\s/.test(key[offset] ?? '')
  const message = space
    ? `the variable name "${foreign(key)}" contains a space`
    : `invalid character "${key[offset]}" in a variable name`
  return { offset, message, hint: 'write NAME=value; a name contains letters, digits and _' }
}

function inherit(state: DotenvState, { key, start }: Assignment): void {
  const value = state.lookup(key) ?? state.before.get(key)?.value
  if (value !== undefined) state.add(key, value, { start, end: start + key.length })
}

/** Source: docker/cli, pkg/kvfile. */
function readRaw(state: DotenvState, line: string, start: number, lineEnd: number): void {
  const equals = line.indexOf('=')
  const key = equals < 0 ? line : line.slice(0, equals)
  const space = key.search(/\s/)
  const hint = 'write NAME=value'
  if (key === '') state.reject({ start, end: start + 1 }, 'a variable name is missing', hint)
  else if (space >= 0) {
    const message = `the variable name "${foreign(key)}" contains a space`
    state.reject({ start: start + space, end: start + space + 1 }, message, hint)
  } else if (equals < 0) inherit(state, { key, start, lineEnd })
  else state.add(key, line.slice(equals + 1), { start, end: lineEnd })
}
