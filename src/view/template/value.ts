import { Float } from './node.ts'

/** A value of a template. `undefined` is Go's nil, and the value of a key missing in a mapping. */
export type Value =
  | undefined
  | boolean
  | number
  | string
  | Float
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | Struct

export type Method = (...args: Value[]) => Value

/** An object with fixed fields. */
export class Struct {
  constructor(readonly fields: Readonly<Record<string, Value>>) {}
}

/** The data of one line of a list. Methods are called with the arguments after them. */
export class Row extends Struct {
  constructor(
    fields: Readonly<Record<string, Value>>,
    readonly methods: Readonly<Record<string, Method>> = {},
    /** Whether a missing field is nil rather than an error. */
    readonly isOpen = false,
  ) {
    super(fields)
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** False for empty values: nil, false, 0, and empty texts, lists and mappings. */
export function truth(value: Value): boolean {
  if (value instanceof Float) return value.value !== 0
  if (isList(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  return Boolean(value)
}

/** Go's name for the value's type, for messages. */
export function typeOf(value: Value): string {
  if (value === undefined) return 'nil'
  if (value instanceof Float) return 'float64'
  if (isList(value)) return 'a list'
  if (value instanceof Map) return 'a mapping'
  if (value instanceof Struct) return 'an object'
  return { string: 'string', number: 'int', boolean: 'bool' }[typeof value as string] ?? typeof value
}

/** Formats a value like `%v`, including lists and objects. */
export function printed(value: Value): string {
  if (value === undefined) return '<no value>'
  return inner(value)
}

function inner(value: Value): string {
  if (value === undefined) return '<nil>'
  if (value instanceof Float) return floatText(value.value)
  if (isList(value)) return `[${value.map(inner).join(' ')}]`
  if (value instanceof Map)
    return `map[${sortedEntries(value)
      .map(([key, each]) => `${key}:${inner(each)}`)
      .join(' ')}]`
  if (value instanceof Struct) return `{${Object.values(value.fields).map(inner).join(' ')}}`
  return String(value)
}

export function sortedEntries(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Go's threshold for an exponent when no precision is given. */
const SHORTEST = 6

/** Formats a float like `%g`: the shortest text, with an exponent below -4 or from `digitsBefore` digits on. */
export function floatText(value: number, digitsBefore = SHORTEST): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < digitsBefore) return Object.is(value, -0) ? '-0' : String(value)
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
