import { comparisons, pair } from './comparisons.ts'
import { escapes } from './escapes.ts'
import type { TemplateFunction } from './evaluate.ts'
import { jsonOf } from './go-json.ts'
import { printf } from './printf.ts'
import { isList, printed, truth, typeOf, type Value } from './value.ts'

const MOST_CHARACTERS = 16 * 1024 * 1024

/** The functions of Go's text/template and of docker's `--format`. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    ...comparisons,
    ...escapes,
    and: (...args) => args.find((each) => !truth(each)) ?? last(args),
    or: (...args) => args.find(truth) ?? last(args),
    not: (...args) => !truth(only(args)),
    len: (...args) => lengthOf(only(args)),
    index: (value, ...keys) => keys.reduce(at, value),
    slice: (value, ...bounds) => sliced(value, bounds),
    print: (...args) => spaced(args),
    println: (...args) => `${args.map(operand).join(' ')}\n`,
    printf: (format, ...args) => printf(text(format), args),
    json: (...args) => jsonOf(only(args)),
    lower: (...args) => text(only(args)).toLowerCase(),
    upper: (...args) => text(only(args)).toUpperCase(),
    title: (...args) => titled(text(only(args))),
    join: (...args) => joined(...pair(args)),
    split: (...args) => split(...pair(args)),
    pad: (...args) => padded(args),
    truncate: (...args) => truncated(...pair(args)),
  } satisfies Record<string, TemplateFunction>),
)

/** In table headings, functions that transform text return it unchanged. */
export const HEADING_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ...FUNCTIONS,
  ...'json split join title lower upper truncate'
    .split(' ')
    .map((name) => [name, (value: Value) => text(value)] as const),
])

function last(args: readonly Value[]): Value {
  if (args.length === 0) throw new Error('values are missing')
  return args.at(-1)
}

function only(args: readonly Value[]): Value {
  if (args.length !== 1) throw new Error(`takes 1 value, not ${args.length}`)
  return args[0]
}

function text(value: Value): string {
  if (typeof value !== 'string') throw new Error(`needs a string, not ${typeOf(value)}`)
  return value
}

function count(value: Value): number {
  if (typeof value !== 'number') throw new Error(`needs a whole number, not ${typeOf(value)}`)
  if (value < 0) throw new Error(`needs a number from 0, not ${value}`)
  if (value > MOST_CHARACTERS) throw new Error(`${value} is too large`)
  return value
}

/** The length of a text is its number of bytes, as in Go. */
function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (isList(value)) return value.length
  if (value instanceof Map) return value.size
  throw new Error(`${typeOf(value)} has no length`)
}

function at(value: Value, key: Value): Value {
  if (value instanceof Map) return value.get(text(key))
  const items = typeof value === 'string' ? [...Buffer.from(value)] : value
  if (!isList(items)) throw new Error(`${typeOf(value)} has no elements`)
  const index = count(key)
  if (index >= items.length) throw new Error(`there is no element ${index}: there are ${items.length}`)
  return items[index]
}

function sliced(value: Value, bounds: readonly Value[]): Value {
  if (bounds.length > 2) throw new Error(`takes 1 to 3 values, not ${bounds.length + 1}`)
  const [from = 0, to = lengthOf(value)] = bounds.map(count)
  if (from > to || to > lengthOf(value)) throw new Error(`there is no part from ${from} to ${to}`)
  if (typeof value === 'string') return Buffer.from(value).subarray(from, to).toString()
  if (!isList(value)) throw new Error(`${typeOf(value)} has no parts`)
  return value.slice(from, to)
}

function operand(value: Value): string {
  return value === undefined ? '<nil>' : printed(value)
}

/** Inserts a space between two values if neither is a text, as Go's Sprint does. */
function spaced(args: readonly Value[]): string {
  return args
    .map((each, index) => {
      const apart = index > 0 && typeof each !== 'string' && typeof args[index - 1] !== 'string'
      return `${apart ? ' ' : ''}${operand(each)}`
    })
    .join('')
}

/** Converts the first letter of each word to upper case; letters, digits and underscores belong to a word. */
function titled(value: string): string {
  return value.replace(/(^|[^\p{L}\p{N}_])(\p{L})/gu, (_, before: string, letter: string) =>
    isSeparator(before) ? before + letter.toUpperCase() : before + letter,
  )
}

/** Above ASCII, only white space separates words. */
function isSeparator(character: string): boolean {
  return character === '' || character.charCodeAt(0) < 128 || /\s/u.test(character)
}

function joined(list: Value, separator: Value): string {
  if (!isList(list)) throw new Error(`needs a list of strings, not ${typeOf(list)}`)
  return list.map(text).join(text(separator))
}

function split(value: Value, separator: Value): readonly string[] {
  const [whole, by] = [text(value), text(separator)]
  return by === '' ? [...whole] : whole.split(by)
}

function padded(args: readonly Value[]): string {
  if (args.length !== 3) throw new Error(`takes 3 values, not ${args.length}`)
  const [value, before, after] = [text(args[0]), count(args[1]), count(args[2])]
  return value === '' ? '' : ' '.repeat(before) + value + ' '.repeat(after)
}

/** Truncates to a number of bytes. */
function truncated(value: Value, length: Value): string {
  return Buffer.from(text(value)).subarray(0, count(length)).toString()
}
