import { keysAbove } from '../stack/keys-above.ts'
import { namesSecret } from '../stack/sensitive.ts'
import type { Range } from './ranges.ts'

/**
 * Where secrets stand in a line of a stack file or env file, as far as names tell: behind or below a key whose name says so,
 * as the default of such a variable, as the password of a URL. May overlap.
 * @param above the keys that the line stands below, nearest first
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

/** A problem may span a whole service; what it says is about its beginning. */
export const MOST_LINES = 200

function piecesOf(text: string): string[] {
  const pieces = [text, text.replace(/\s+#.*$/, ''), ...text.split(/[,[\]{}]/)]
  const bare = pieces.map((piece) => piece.trim().replace(/^(["'])(.*)\1$/, '$2'))
  return [...new Set([...bare, ...bare.flatMap((piece) => /^[\w.-]+["']?\s*[:=]\s*(.+)$/.exec(piece)?.[1] ?? [])])]
}

/** Keys whose members are names of the user's: `services: { auth: … }` is a service, not a secret. */
const HOLD_NAMES: ReadonlySet<string> = new Set([
  'services',
  'volumes',
  'networks',
  'configs',
  'secrets',
  'depends_on',
  'aliases',
])

/** Keys of the format that only sound secret. */
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

/** `DB_PASSWORD: hunter2`, `- DB_PASSWORD=hunter2`; a variable, an alias or a comment in that place gives nothing away. */
function behindKeys(line: string, above: readonly string[]): Range[] {
  return [...line.matchAll(PAIR)].flatMap((match) => {
    if (!namesSecret(match[1] ?? '')) return []
    const start = match.index + match[0].length
    const end = line.trimEnd().length
    if (start >= end || HARMLESS.test(line.slice(start, end))) return []
    return isSecretKey(match[1] ?? '', keyAround(line, match.index) ?? above[0]) ? [[start, end] as const] : []
  })
}

/** The look behind keeps a long word from being tried from each of its characters on. */
const PAIR = /(?<![\w.-])([\w.-]+)["']?\s*(?:=|:(?=\s))\s*(?:&[^\s,[\]{}]+\s+)?/g

const HARMLESS = /^(?:[*#]|&[^\s]+$|\$(?:\{[^}]*\}|\w+)\s*[\]}"',]*\s*(?:#.*)?$)/

/** The key of the flow mapping that a place in a line is in. */
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
