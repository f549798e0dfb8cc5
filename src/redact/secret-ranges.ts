import { keysAbove } from '../stack/keys-above.ts'
import { namesSecret } from '../stack/sensitive.ts'
import type { Range } from './ranges.ts'

/**
 * Ranges of secrets in a line of a stack file or env file, recognised by names: after or below a secret key, in the default of a
 * secret variable, in the password of a URL. May overlap.
 * @param above the keys above the line, nearest first
 */
export function secretRanges(line: string, above: readonly string[] = []): Range[] {
  return [...belowKeys(line, above), ...behindKeys(line, above), ...defaults(line), ...inUrls(line)]
}

/** The texts that `secretRanges` finds in some of a file's lines, without quotes and brackets; both ends counted from 1. */
export function secretTexts(lines: readonly string[], first: number, last: number): string[] {
  const found: string[] = []
  for (let index = first - 1; index < Math.min(last, lines.length, first + MOST_LINES); index++) {
    const line = lines[index] ?? ''
    for (const [start, end] of secretRanges(line, keysAbove(lines, index)))
      found.push(...piecesOf(line.slice(start, end)))
  }
  return found
}

/** A problem may span a whole service, but its message is about the beginning. */
export const MOST_LINES = 200

function piecesOf(text: string): string[] {
  const pieces = [text, text.replace(/\s+#.*$/, ''), ...text.split(/[,[\]{}]/)]
  const bare = pieces.map((piece) => piece.trim().replace(/^(["'])(.*)\1$/, '$2'))
  return [...new Set([...bare, ...bare.flatMap((piece) => /^[\w.-]+["']?\s*[:=]\s*(.+)$/.exec(piece)?.[1] ?? [])])]
}

/** Keys whose members are names chosen by users: `services: { auth: … }` is a service, not a secret. */
const HOLD_NAMES: ReadonlySet<string> = new Set([
  'services',
  'volumes',
  'networks',
  'configs',
  'secrets',
  'depends_on',
  'aliases',
])

/** Keys of the format that are not secret, despite their names. */
const OF_THE_FORMAT: ReadonlySet<string> = new Set(['secrets', 'credential_spec'])

function isSecretKey(key: string, parent: string | undefined): boolean {
  return namesSecret(key) && !OF_THE_FORMAT.has(key) && !HOLD_NAMES.has(parent ?? '')
}

function belowKeys(line: string, above: readonly string[]): Range[] {
  if (!above.some((key, index) => isSecretKey(key, above[index + 1]))) return []
  const start = /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0
  const end = line.trimEnd().length
  return start < end ? [[start, end]] : []
}

/** `DB_PASSWORD: hunter2`, `- DB_PASSWORD=hunter2`; a variable, an alias or a comment as the value reveals nothing. */
function behindKeys(line: string, above: readonly string[]): Range[] {
  return [...line.matchAll(PAIR)].flatMap((match) => {
    if (!namesSecret(match[1] ?? '')) return []
    const start = match.index + match[0].length
    const end = line.trimEnd().length
    if (start >= end || HARMLESS.test(line.slice(start, end))) return []
    return isSecretKey(match[1] ?? '', keyAround(line, match.index) ?? above[0]) ? [[start, end] as const] : []
  })
}

/** The look-behind keeps a long word from being tried from each of its characters. */
const PAIR = /(?<![\w.-])([\w.-]+)["']?\s*(?:=|:(?=\s))\s*(?:&[^\s,[\]{}]+\s+)?/g

const HARMLESS = /^(?:[*#]|&[^\s]+$|\$(?:\{[^}]*\}|\w+)\s*[\]}"',]*\s*(?:#.*)?$)/

/** The key of the flow mapping around an offset in a line. */
function keyAround(line: string, place: number): string | undefined {
  let depth = 0
  for (let at = place - 1; at >= 0; at--) {
    if (line[at] === '}') depth++
    if (line[at] === '{' && line[at - 1] !== '$' && depth-- === 0)
      return /(?<![\w.-])([\w.-]+)["']?\s*:\s*$/.exec(line.slice(0, at))?.[1]
  }
  return undefined
}

/** `${API_TOKEN:-hunter2}` and its relatives. */
function defaults(line: string): Range[] {
  return [...line.matchAll(/\$\{(\w+):?[-+]/g)].flatMap((match) => {
    const start = match.index + match[0].length
    const end = closing(line, start)
    return namesSecret(match[1] ?? '') && end > start ? [[start, end] as const] : []
  })
}

function closing(line: string, start: number): number {
  let depth = 0
  for (let at = start; at < line.length; at++) {
    if (line[at] === '{') depth++
    if (line[at] === '}' && depth-- === 0) return at
  }
  return line.length
}

function inUrls(line: string): Range[] {
  return [...line.matchAll(/:\/\/[^\s:/@]*:([^\s@/$]+)@/g)].map((match) => {
    const end = match.index + match[0].length - 1
    return [end - (match[1]?.length ?? 0), end] as const
  })
}
