import { foreign } from '../diagnostics/foreign.ts'
import type { ErrorContext, Finding, Line } from './error-context.ts'

/** Keys whose values must not be repeated in hints. */
const SECRET = /pass|pwd|secret|token|key|credential|auth|dsn/i

/** YAML reads `restart:always` as one word, so the surrounding lines no longer fit. */
export function gluedColon({ line, above, reason }: ErrorContext): Finding | undefined {
  if (/flow|quoted|deficient/.test(reason)) return undefined
  for (const each of [line, above]) {
    const glued = each && /^(\s*(?:- +)*)("[^"]+"|'[^']+'|[\w.-]+):([^\s:/].*)$/.exec(each.text)
    if (!each || !glued || (each === above && isWhole(each.text))) continue
    const value = SECRET.test(glued[2] ?? '') ? '…' : foreign(glued[3] ?? '')
    const colon = each.start + (glued[1]?.length ?? 0) + (glued[2]?.length ?? 0)
    return { start: colon, message: 'a space is missing after this colon', hint: `write \`${glued[2]}: ${value}\`` }
  }
  return undefined
}

/** Whether the text is an item that may contain colons: a port, a volume, a host. */
function isWhole(text: string): boolean {
  return /^\s*- /.test(text)
}

export function missingColon({ line, above, reason }: ErrorContext): Finding | undefined {
  if (!/expected ':'|implicit key|bad indentation of a mapping|separator is expected/.test(reason)) return undefined
  for (const each of [above, line]) {
    const word = each && /^(\s*)([\w.-]+)\s*$/.exec(each.text)
    if (!each || !word) continue
    const start = each.start + (word[1]?.length ?? 0)
    const end = start + (word[2]?.length ?? 0)
    return { start, end, message: `a colon is missing after "${word[2]}"`, hint: `write \`${word[2]}:\`` }
  }
  return undefined
}

/** YAML continues a line without a colon on the following lines, up to the first colon: the cause is above the error. */
export function textWithoutColon({ reason, line, linesAbove }: ErrorContext): Finding | undefined {
  if (!/expected ':'|implicit key/.test(reason) || /^\s*["'[{]/.test(line.text)) return undefined
  const first = firstLineOf(linesAbove)
  const indent = first?.text.search(/\S/) ?? -1
  if (!first || indent < 0) return undefined
  const [, name, rest] = /^\s*([\w.-]+)\s*(:?#.*|=.*)?$/.exec(first.text) ?? []
  const missing = rest?.startsWith(':#') ? 'a space is missing before this comment' : 'a colon is missing in this line'
  return {
    start: first.start + indent,
    end: first.start + first.text.trimEnd().length,
    message: name !== undefined && rest === undefined ? `a colon is missing after "${name}"` : missing,
    ...(name !== undefined && { hint: rest?.startsWith(':#') ? `write \`${name}: #…\`` : `write \`${name}:\`` }),
  }
}

/** The first line of the text in which the parser met the colon: the one after the nearest line with a colon. */
function firstLineOf(linesAbove: readonly Line[]): Line | undefined {
  const keyed = linesAbove.findIndex(({ text }) => /^\s*(?:#|[^#]*:(?:\s|$))/.test(text))
  return linesAbove.slice(0, Math.max(keyed, 0)).findLast(({ text }) => text.trim() !== '')
}

export function colonInValue({ reason, position, text, line }: ErrorContext): Finding | undefined {
  if (!/^bad indentation of a mapping/.test(reason) || text[position] !== ':') return undefined
  const [, indent, key, value] = /^(\s*(?:- +)*)([^\s:][^:]*:\s+)?(.+)$/.exec(line.text) ?? []
  if (key === undefined || position < line.start + (indent + key).length) return overIndented(line)
  const quoted = value === undefined || value.includes("'") || SECRET.test(line.text) ? '' : `: '${foreign(value)}'`
  return {
    start: position,
    message: 'a value without quotes cannot contain a colon followed by a space',
    hint: `put the value in quotes${quoted}`,
  }
}

function overIndented({ start, text }: Line): Finding {
  const indent = text.search(/\S/)
  const hint = 'keys of one mapping start in the same column'
  return { start: start + indent, message: 'this line is indented further than the keys above it', hint }
}
