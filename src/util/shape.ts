import { isMapping } from './object.ts'

/** Checks that a value has the shape that the code relies on. Returns the first difference, or undefined. */
export type Shape = (value: unknown) => Misfit | undefined

export interface Misfit {
  /** The position in the value, e.g. `[3].Names`; empty for the value itself. */
  path: string
  /** The difference, e.g. `a number instead of a list`. */
  words: string
}

export const text: Shape = (value) => (typeof value === 'string' ? undefined : instead(value, 'text'))

export const flag: Shape = (value) => (typeof value === 'boolean' ? undefined : instead(value, 'true or false'))

/** JSON may contain a number that overflows to infinity. */
export const number: Shape = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : instead(value, 'a number')

/** An object with any content. */
export const anything: Shape = (value) => (isMapping(value) ? undefined : instead(value, 'an object'))

/** A non-empty text that is safe in the paths of further calls. */
export const id: Shape = (value) =>
  typeof value === 'string' && /^\w[\w:.-]*$/.test(value) ? undefined : instead(value, 'an id')

/** Seconds since the epoch, within the range of a date. */
export const seconds: Shape = (value) =>
  typeof value === 'number' && Math.abs(value) <= LAST_SECOND ? undefined : instead(value, 'a time')

/** An RFC 3339 time, or an empty text. */
export const time: Shape = (value) =>
  value === '' || (typeof value === 'string' && !Number.isNaN(Date.parse(value))) ? undefined : instead(value, 'a time')

const LAST_SECOND = 8.64e12

/** A value that engines omit or set to null if it is empty. */
export function maybe(shape: Shape): Shape {
  return (value) => (value === undefined || value === null ? undefined : shape(value))
}

/** A value that may be missing, but is not null. */
export function optional(shape: Shape): Shape {
  return (value) => (value === undefined ? undefined : shape(value))
}

export function either(one: Shape, other: Shape): Shape {
  return (value) => one(value) && other(value)
}

export function list(of: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return instead(value, 'a list')
    for (let at = 0; at < value.length; at++) {
      const misfit = of(value[at])
      if (misfit) return within(`[${at}]`, misfit)
    }
    return undefined
  }
}

/** An object with any keys. */
export function record(of: Shape): Shape {
  return (value) => {
    if (!isMapping(value)) return instead(value, 'an object')
    for (const key in value) {
      const misfit = of(value[key])
      if (misfit) return within(`.${key}`, misfit)
    }
    return undefined
  }
}

/** An object with at least these keys. */
export function fields(shapes: Record<string, Shape>): Shape {
  const rows = Object.entries(shapes)
  return (value) => {
    if (!isMapping(value)) return instead(value, 'an object')
    for (const [key, shape] of rows) {
      const misfit = shape(value[key])
      if (misfit) return within(`.${key}`, misfit)
    }
    return undefined
  }
}

/** The same optional shape for several keys. */
export function each(keys: string, shape: Shape): Record<string, Shape> {
  return Object.fromEntries(keys.split(' ').map((key) => [key, maybe(shape)]))
}

function within(path: string, misfit: Misfit): Misfit {
  return { path: path + misfit.path, words: misfit.words }
}

export function instead(value: unknown, wanted: string): Misfit {
  return { path: '', words: `${kindOf(value)} instead of ${wanted}` }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 40))}` : String(value)
}
