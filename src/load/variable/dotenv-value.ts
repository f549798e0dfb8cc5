import { error, warning } from '../../diagnostics/diagnostic.ts'
import { type Assignment, type DotenvState, type Extent, endOfLine, match } from './dotenv-state.ts'
import { substitute } from './substitute.ts'
import type { TemplateProblem } from './template.ts'

/** Parses the value at an offset, and returns the start of the next statement. */
export function readValue(state: DotenvState, assignment: Assignment, start: number): number {
  const { text } = state.from
  const { key, lineEnd } = assignment
  const quote = text[start]
  if (quote === '"' || quote === "'") return readQuoted(state, assignment, start, quote)
  const value = (text.slice(start, lineEnd).split(' #')[0] ?? '').trimEnd()
  const end = start + value.length
  state.add(key, expand(state, value, { start, end }), { start: assignment.start, end })
  return lineEnd + 1
}

function readQuoted(state: DotenvState, { key, start }: Assignment, open: number, quote: '"' | "'"): number {
  const { text } = state.from
  const body = match(quote === '"' ? /(?:[^"\\]|\\.)*/sy : /(?:[^'\\]|\\.)*/sy, text, open + 1)
  const close = open + 1 + body.length
  if (text[close] !== quote) {
    state.reject(
      { start: open, end: open + 1 },
      `the value of ${key} has no closing ${quote}`,
      `close it with ${quote}`,
    )
    return endOfLine(text, open) + 1
  }
  const rest = match(/[^\S\n]*(?:#[^\n]*)?/y, text, close + 1)
  const lineEnd = endOfLine(text, close)
  if (close + 1 + rest.length < lineEnd) warnFollowing(state, key, { start: close + 1, end: lineEnd })
  const inner = { start: open + 1, end: close }
  const value = quote === "'" ? body.replaceAll("\\'", "'") : expand(state, unescaped(body), inner)
  state.add(key, value, { start, end: close + 1 })
  return close + 1 + rest.length
}

/** Compose parses the text after the value as a separate statement, as if it were on the next line. */
function warnFollowing(state: DotenvState, key: string, extent: Extent): void {
  const message = `the text after the quoted value of ${key} is not part of the value`
  const hint = 'put the whole value between the quotes'
  state.report(warning('env-file-syntax', message, { at: state.at(extent), hint }))
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

function expand(state: DotenvState, value: string, extent: Extent): string {
  const above = (name: string) => (state.found.get(name) ?? state.before.get(name))?.value
  const result = substitute(value, (name) => state.lookup(name) ?? above(name), state.room)
  const { start, end } = extent
  const exact = state.from.text.slice(start, end) === value
  const at = (part: Extent) => state.at(exact ? { start: start + part.start, end: start + part.end } : extent)
  for (const problem of result.problems)
    state.report(error(problem.code, problem.message, { at: at(problem), hint: dotenvHint(problem) }))
  for (const expression of result.unset) {
    const { name } = expression
    if (state.warned.has(name)) continue
    state.warned.add(name)
    const message = `the variable ${name} is not set and defaults to an empty string`
    state.report(warning('variable-unset', message, { at: at(expression), hint: unsetHint(name) }))
  }
  return result.value
}

const LITERAL = "for a literal $, put the value in single quotes here: NAME='…'"

function unsetHint(name: string): string {
  return `${LITERAL}; otherwise set ${name} above, or write \${${name}:-value}`
}

function dotenvHint({ code, hint }: TemplateProblem): string {
  return code === 'interpolation-syntax' && hint.includes('$$') ? LITERAL : hint
}
