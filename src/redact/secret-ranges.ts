import type { Outline } from '../stack/outline.ts'
import { writtenRanges } from '../stack/said-secrets.ts'
import { namesSecret } from '../stack/secret-names.ts'
import { type Range, urlRanges } from '../stack/secret-shapes.ts'
import { flowValueEnd } from './flow-value.ts'

/**
 * Ranges of secrets in a line of a stack file or env file, recognised by names: after or below a secret key, in the default of a
 * secret variable, in a URL, a hash, a program's argument. Ranges may overlap.
 * @param whole a line
 * @param above the keys above the line, nearest first
 * @param before the items of the same list on the lines before it
 */
export function secretRanges(whole: string, above: readonly string[] = [], before: readonly string[] = []): Range[] {
  const line = whole.slice(0, LONGEST)
  return [
    ...belowKeys(line, above),
    ...behindKeys(line, above),
    ...defaults(line),
    ...urlRanges(line),
    ...writtenRanges(line),
    ...asItem(line, before),
  ]
}

/** The rest of a longer line is not shown. */
const LONGEST = 10_000

/**
 * The texts that `secretRanges` finds in some of a file's lines, without quotes and brackets; `first` and `last` are inclusive and
 * count from 1.
 */
export function secretTexts(outline: Outline, first: number, last: number): string[] {
  const { lines } = outline
  const found: string[] = []
  for (let index = first - 1; index < Math.min(last, lines.length, first + MOST_LINES); index++) {
    const line = lines[index] ?? ''
    for (const [start, end] of secretRanges(line, outline.keysAbove(index), outline.itemsAbove(index)))
      found.push(...piecesOf(line.slice(start, end)))
  }
  return found
}

/** A problem may span a whole service, but its message concerns the beginning. */
export const MOST_LINES = 200

function piecesOf(text: string): string[] {
  const pieces = [text, text.replace(/\s+#.*$/, ''), ...text.split(/[,[\]{}]/)]
  const bare = pieces.map((piece) => piece.trim().replace(/^(["'])(.*)\1$/, '$2'))
  return [...new Set([...bare, ...bare.flatMap((piece) => /^[\w.-]+["']?\s*[:=]\s*(.+)$/.exec(piece)?.[1] ?? [])])]
}

/** Keys whose members are names that the user chooses: `services: { auth: … }` is a service, not a secret. */
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

/** Earlier words of a command line may mark a word as secret. */
function asItem(line: string, before: readonly string[]): Range[] {
  if (before.length === 0) return []
  const start = line.search(/(?<=^\s*-\s+)\S/)
  const words = before.map((word) => `${word} `).join('')
  const shift = start - words.length
  return writtenRanges(words + line.slice(start)).flatMap(([from, to]) =>
    from < words.length ? [] : [[from + shift, to + shift] as const],
  )
}

/** `DB_PASSWORD: hunter2`, `- DB_PASSWORD=hunter2`; a variable, an alias or a comment as the value reveals nothing. */
function behindKeys(line: string, above: readonly string[]): Range[] {
  return [...line.matchAll(PAIR)].flatMap((match) => {
    if (!namesSecret(match[1] ?? '')) return []
    const start = match.index + match[0].length
    const end = flowValueEnd(line, match.index, start) ?? line.trimEnd().length
    if (start >= end || HARMLESS.test(line.slice(start, end))) return []
    return isSecretKey(match[1] ?? '', keyAround(line, match.index) ?? above[0]) ? [[start, end] as const] : []
  })
}

/** The look-behind prevents matching a long word from each of its characters. */
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

/** The defaults in `${API_TOKEN:-hunter2}` and similar expressions. */
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
