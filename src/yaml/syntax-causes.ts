import { colonInValue, gluedColon, missingColon, textWithoutColon } from './colon-causes.ts'
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
