import { foreign } from '../diagnostics/foreign.ts'
import type { ErrorContext, Finding, Line } from './error-context.ts'

/** Common YAML mistakes, most specific first. Each function returns a finding if it explains the error. */
export const CAUSES: readonly ((context: ErrorContext) => Finding | undefined)[] = [
  conflictMark,
  controlCharacter,
  tabIndentation,
  badEscape,
  reservedStart,
  variableInBrackets,
  unclosed,
  gluedColon,
  missingColon,
  textWithoutColon,
  colonInValue,
  textAfterQuote,
  strayItem,
]

function conflictMark({ text }: ErrorContext): Finding | undefined {
  const mark = /^(?:<{7} .*|={7}$|>{7} .*)/m.exec(text)
  if (!mark) return undefined
  const hint = 'keep one version and remove the lines with <<<<<<<, ======= and >>>>>>>'
  return {
    start: mark.index,
    end: mark.index + mark[0].length,
    message: 'this file contains an unresolved merge conflict',
    hint,
  }
}

function controlCharacter({ reason, position, text }: ErrorContext): Finding | undefined {
  if (!/non-printable|null byte|JSON character/.test(reason)) return undefined
  const code = (text.codePointAt(position) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return { start: position, message: `YAML does not allow the control character U+${code}`, hint: 'remove it' }
}

function tabIndentation({ reason, line }: ErrorContext): Finding | undefined {
  const tab = /^ *\t/.exec(line.text)
  if (!tab && !/^tab characters/.test(reason)) return undefined
  return {
    start: line.start + (tab ? tab[0].length - 1 : 0),
    message: 'a tab cannot indent a line in YAML',
    hint: 'indent with spaces',
  }
}

function badEscape({ reason, position, text }: ErrorContext): Finding | undefined {
  if (!reason.includes('escape sequence')) return undefined
  const message = `unknown escape \\${text[position] ?? ''} in double quotes`
  return { start: position - 1, end: position + 1, message, hint: 'use single quotes, or write \\\\ for a backslash' }
}

/** `@`, a backtick, `%`, `*`, `&`, `!` have a meaning in YAML, or are reserved. */
function reservedStart({ reason, line, position }: ErrorContext): Finding | undefined {
  const value = /^(\s*(?:- +)*(?:[^\s#'"]+:[ \t]+)?)([@`%]|[*&](?=[\s]|$)|!(?=\S*!))/.exec(line.text)
  const start = line.start + (value?.[1]?.length ?? 0)
  if (!value || position < start || !/bad indentation|alias|anchor|tag|separator|node|expected/.test(reason))
    return undefined
  return { start, message: `a value cannot start with ${value[2]}`, hint: 'put the value in quotes' }
}

/** In a list in brackets, the brace of `${NAME}` starts a mapping. */
function variableInBrackets({ reason, line, position }: ErrorContext): Finding | undefined {
  const start = line.text.lastIndexOf('${', position - line.start)
  if (start < 0 || !reason.startsWith('missed comma')) return undefined
  const message = 'a variable in braces must be quoted inside brackets'
  return { start: line.start + start, end: line.start + start + 2, message, hint: 'put the value in quotes' }
}

/** A quote or bracket, opened on this line or above, that is still open. */
function unclosed({ reason, line, linesAbove }: ErrorContext): Finding | undefined {
  if (!/deficient indentation|unexpected end|missed comma/.test(reason)) return undefined
  for (const each of [line, ...linesAbove]) {
    const open = openAt(each)
    if (!open) continue
    const closing = { '[': ']', '{': '}' }[open.character] ?? open.character
    const kind = closing === open.character ? 'quote' : 'bracket'
    return { start: open.offset, message: `this ${kind} is never closed`, hint: `close it with ${closing}` }
  }
  return undefined
}

function openAt({ text, start }: Line): { offset: number; character: string } | undefined {
  const open: { offset: number; character: string }[] = []
  const token = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=^|[\s[{,:-])["']|[[\]{}]|(?<=\s|^)#.*$/g
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === ']' || found === '}') open.pop()
    else if (found === '[' || found === '{') open.push({ offset: start + index, character: found })
    else if (found === '"' || found === "'") return { offset: start + index, character: found }
  }
  return open.at(-1)
}

/** Keys whose values must not be repeated in hints. */
const SECRET = /pass|pwd|secret|token|key|credential|auth|dsn/i

/** YAML reads `restart:always` as one word, so the surrounding lines no longer fit. */
function gluedColon({ line, above, reason }: ErrorContext): Finding | undefined {
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

function missingColon({ line, above, reason }: ErrorContext): Finding | undefined {
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
function textWithoutColon({ reason, line, linesAbove }: ErrorContext): Finding | undefined {
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

function colonInValue({ reason, position, text, line }: ErrorContext): Finding | undefined {
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

function textAfterQuote({ reason, line, position }: ErrorContext): Finding | undefined {
  const before = line.text.slice(0, position - line.start).trimEnd()
  const closed = /["'\]}]$/.exec(before)
  if (!closed || !/bad indentation|separator|expected ':'/.test(reason)) return undefined
  const bracket = /[\]}]/.test(closed[0])
  const hint = bracket ? 'put the whole value in quotes' : 'put the whole value in the other kind of quotes'
  return { start: position, message: `text follows the closing ${bracket ? 'bracket' : 'quote'} of a value`, hint }
}

function strayItem({ reason, line, above, linesAbove }: ErrorContext): Finding | undefined {
  if (!/^bad indentation of a mapping/.test(reason)) return undefined
  const dash = /^(\s*)-(?:\s|$)/.exec(line.text)
  const key = /^(\s*)[^\s#-][^#]*:(?:\s|$)/.exec(line.text)
  if (dash)
    return {
      start: line.start + (dash[1]?.length ?? 0),
      message: 'a list item cannot be mixed with keys',
      hint: 'indent it below its key',
    }
  if (!key || !above || !/^\s*-\s/.test(above.text)) return undefined
  return {
    start: line.start + (key[1]?.length ?? 0),
    message: 'a key cannot be mixed with list items',
    hint: `check its indentation${openedBefore(key[1]?.length ?? 0, linesAbove)}`,
  }
}

/** Names the key of the list, if that is indented less than the keys next to it. */
function openedBefore(indent: number, linesAbove: readonly Line[]): string {
  const opener = linesAbove.find(({ text }) => /^\s*[^\s#-][^#]*:\s*(?:#.*)?$/.test(text))
  const name = opener?.text.trim().replace(/\s*#.*$/, '')
  return opener && opener.text.search(/\S/) < indent ? `, and that of \`${name}\` above` : ''
}
