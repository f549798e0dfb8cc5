import { programRanges, programWordRanges } from './program-secrets.ts'
import { namesSecret } from './secret-names.ts'
import { hashRanges, headerRanges, isLiteral, loginRanges, type Range, sqlRanges } from './secret-shapes.ts'
import { bareWord, commandLines, listWords } from './shell-words.ts'

/**
 * The ranges that a text itself marks as secret, by form or by the program that receives them: `--key X`, `Password=X;`, `{"token":
 * "X"}`, `?api_key=X`, `Authorization: Bearer X`. Ranges may overlap. secret-shapes.ts handles URLs.
 */
export function saidRanges(text: string): Range[] {
  if (!SAYING.test(text)) return []
  return [...telling(text, optionRanges(text)), ...telling(text, pairRanges(text)), ...formRanges(text)]
}

/** A text without any of these characters marks nothing as secret. */
const SAYING = /[\s=:$@{]/

/** The ranges in a text that are secret by form or by the program that receives them. */
export function formRanges(text: string): Range[] {
  return [...loginRanges(text), ...headerRanges(text), ...hashRanges(text), ...sqlRanges(text), ...programRanges(text)]
}

/** The same for the words of a command line, with offsets relative to each word. */
export function rangesByWord(words: readonly string[]): Range[][] {
  const found = words.map(saidRanges)
  for (const [index, range] of [...wordsBehindOptions(words), ...programWordRanges(words)]) found[index]?.push(range)
  return found
}

/** Secrets passed to programs and options in a line of a stack file, whose words may form a text, or items of a list in brackets. */
export function writtenRanges(line: string): Range[] {
  const lines = [...commandLines(line).map((words) => words.map(bareWord)), listWords(line)]
  const found = lines.flatMap((words) => {
    const ranges = rangesByWord(words.map(({ text }) => text))
    return words.flatMap(({ start }, index) => (ranges[index] ?? []).map((range) => shifted(range, start)))
  })
  return [...found, ...telling(line, optionRanges(line)), ...formRanges(line)]
}

function shifted([from, to]: Range, by: number): Range {
  return [from + by, to + by]
}

function wordsBehindOptions(words: readonly string[]): [index: number, range: Range][] {
  const isLine = (index: number) => /^(?:CMD-SHELL|-\w*c)$/.test(words[index - 1] ?? '')
  return words.flatMap((word, index): [number, Range][] => {
    const { 1: name = '', 2: value } = isLine(index) ? [] : (/^-*([A-Za-z][\w.-]*)(?:=(.+))?$/s.exec(word) ?? [])
    if (!namesSecret(name)) return []
    if (value !== undefined) return isTelling(value) ? [[index, [word.length - value.length, word.length]]] : []
    const next = words[index + 1] ?? ''
    return word.startsWith('-') && isTelling(next) ? [[index + 1, [0, next.length]]] : []
  })
}

/** Matches only the names, as a quoted value may be a shell command with options. */
const OPTION = /(?<![\w.-])(?:--?([A-Za-z_][\w.-]*)(?:=|\s+)|([A-Za-z_][\w.-]*)=)/g
const VALUE = /"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'`,;)&|]+)/y

/** The complete value of each option or variable whose name marks it as secret. */
export function optionRanges(text: string): Range[] {
  const found: Range[] = []
  OPTION.lastIndex = 0
  for (let match = OPTION.exec(text); match; match = OPTION.exec(text)) {
    if (!namesSecret(match[1] ?? match[2] ?? '')) continue
    const range = valueAt(text, OPTION.lastIndex)
    if (!range) continue
    found.push(range)
    OPTION.lastIndex = range[1]
  }
  return found
}

function valueAt(text: string, at: number): Range | undefined {
  VALUE.lastIndex = at
  const { 0: found = '', 1: double, 2: single, 3: bare } = VALUE.exec(text) ?? []
  const value = double ?? single ?? bare ?? ''
  const end = at + found.length - (bare === undefined ? 1 : 0)
  return value === '' ? undefined : [end - value.length, end]
}

/** Matches only at the start of a word, so that a long word is not tried from each character. */
const PAIR =
  /(?<![\w.-])-{0,2}([A-Za-z_][\w.-]*)(?:=|["']\s*:\s*|:\s+)(?:(?:apikey|basic|bearer|digest|key|negotiate|token)\s+)?(?:"([^"]{1,4000})"|'([^']{1,4000})'|([^\s"'`,;&|(){}[\]]+))/gi

function pairRanges(text: string): Range[] {
  if (!/[=:]/.test(text)) return []
  return [...text.matchAll(PAIR)].flatMap(({ 0: whole, 1: name = '', 2: double, 3: single, 4: bare, index }) => {
    const value = double ?? single ?? bare ?? ''
    const end = index + whole.length - (bare === undefined ? 1 : 0)
    return namesSecret(name) ? [[end - value.length, end] as const] : []
  })
}

function telling(text: string, ranges: readonly Range[]): Range[] {
  return ranges.filter(([start, end]) => isTelling(text.slice(start, end)))
}

/** A boolean, a null or a short number reveals nothing. */
function isTelling(value: string): boolean {
  return isLiteral(value) && !/^(?:true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(value)
}
