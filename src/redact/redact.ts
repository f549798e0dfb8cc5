import { formRanges, optionRanges, rangesByWord, saidRanges } from '../stack/said-secrets.ts'
import { namesSecret } from '../stack/secret-names.ts'
import { hashRanges, type Range, urlRanges } from '../stack/secret-shapes.ts'
import type { Sensitive } from '../stack/sensitive.ts'
import { covered } from './ranges.ts'
import { everyForm, isOrdinary, isWhole, SHORTEST } from './whole-word.ts'

/**
 * Masks secrets in foreign text, such as a container's output: secret values as whole words, passwords in URLs, and any secret value
 * after a secret's name. A value that is also a name in the stack is masked in the latter two places only, so that names stay
 * readable and masks do not reveal their content.
 * @param open further words that are not secrets
 */
export function redact(text: string, sensitive: Sensitive, open: ReadonlySet<string> = new Set()): string {
  return covered(text, rangesIn(text, sensitive, open))
}

/** The ranges in which `redact` finds secrets. */
export function rangesIn(text: string, sensitive: Sensitive, open: ReadonlySet<string> = new Set()): Range[] {
  return [
    ...valueRanges(text, sensitive, open),
    ...urlRanges(text),
    ...hashRanges(text),
    ...behindNames(text, sensitive),
  ]
}

/** Does the same for a command or an engine's message, in which everything after `--password` or `TOKEN=` is a secret. */
export function redactCommand(text: string, sensitive: Sensitive, open?: ReadonlySet<string>): string {
  return covered(text, [...optionRanges(text), ...formRanges(text), ...rangesIn(text, sensitive, open)])
}

/** Masks the words of a command line that a word itself, or the preceding one, marks as secret. */
export function redactWords(words: readonly string[], sensitive: Sensitive): string[] {
  const said = rangesByWord(words)
  return words.map((word, index) => covered(word, [...(said[index] ?? []), ...rangesIn(word, sensitive)]))
}

/** Copies plain data with secrets masked in its strings; lists of strings may be command lines. Keys stay. */
export function redactDeep<T>(value: T, sensitive: Sensitive): T {
  const text = (each: string) => covered(each, [...saidRanges(each), ...rangesIn(each, sensitive)])
  const words = (list: readonly string[]) => redactWords(list, sensitive)
  return mapStrings(value, text, words) as T
}

export function mapStrings(
  value: unknown,
  change: (text: string) => string,
  changeList = (list: readonly string[]) => list.map(change),
): unknown {
  if (typeof value === 'string') return change(value)
  if (isStrings(value)) return changeList(value)
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, change, changeList))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapStrings(each, change, changeList)]))
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

/** The forms of all secrets by their first characters, longest first: one pass over a text finds any number of them. */
type Finder = Map<string, string[]>

const finders = new WeakMap<Sensitive, Finder>()
const HEAD = 4

function finderOf(sensitive: Sensitive): Finder {
  const known = finders.get(sensitive)
  if (known) return known
  const finder: Finder = new Map()
  const forms = new Set([...sensitive.values].flatMap(everyForm))
  for (const form of [...forms].sort((a, b) => b.length - a.length))
    finder.set(form.slice(0, HEAD), [...(finder.get(form.slice(0, HEAD)) ?? []), form])
  finders.set(sensitive, finder)
  return finder
}

function valueRanges(text: string, sensitive: Sensitive, open: ReadonlySet<string>): Range[] {
  const finder = finderOf(sensitive)
  const found: Range[] = []
  if (finder.size === 0) return found
  for (let at = 0; at + SHORTEST <= text.length; at++) {
    const forms = finder.get(text.slice(at, at + HEAD))
    const form = forms?.find(
      (each) => text.startsWith(each, at) && !open.has(each) && isWhole(text, at, each, sensitive.names),
    )
    if (form === undefined) continue
    found.push([at, at + form.length])
    at += form.length - 1
  }
  return found
}

/** `password is X`, `"token": "X"`, `PGPASSWORD=X`. */
const BEHIND = /(?<![\w.-])-{0,2}([A-Za-z_][\w.-]*)["'`]?(?:\s*(?:=>|[=:])\s*|\s+(?:(?:is|was|to)\s+)?)["'`]?(?=\S)/g

function behindNames(text: string, { known, names }: Sensitive): Range[] {
  if (!known || known.size === 0) return []
  return [...text.matchAll(BEHIND)].flatMap((match) => {
    if (!namesSecret(match[1] ?? '')) return []
    const at = match.index + match[0].length
    const value = longest([...known].filter((each) => text.startsWith(each, at) && isEnd(text, at + each.length)))
    return value === undefined || (/\s$/.test(match[0]) && isOrdinary(value, names))
      ? []
      : [[at, at + value.length] as const]
  })
}

function longest(values: readonly string[]): string | undefined {
  return [...values].sort((a, b) => b.length - a.length)[0]
}

function isEnd(text: string, end: number): boolean {
  return !/^[\p{L}\p{N}_]/u.test(text.slice(end, end + 2))
}
