import { isMapping } from './object.ts'

/** Looks whether a value has the shape that the code relies on. The answer is the first difference, or undefined. */
export type Shape = (value: unknown) => Misfit | undefined

export interface Misfit {
  /** Where in the answer, e.g. `[3].Names`; empty for the answer itself. */
  path: string
  /** E.g. `a number instead of a list`. */
  words: string
}

export const text: Shape = (value) => (typeof value === 'string' ? undefined : instead(value, 'text'))

export const flag: Shape = (value) => (typeof value === 'boolean' ? undefined : instead(value, 'true or false'))

/** JSON can write a number that becomes infinite. */
export const number: Shape = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : instead(value, 'a number')

/** An object of whatever content. */
export const anything: Shape = (value) => (isMapping(value) ? undefined : instead(value, 'an object'))

/** It becomes part of the paths of further calls. */
export const id: Shape = (value) =>
  typeof value === 'string' && /^\w[\w:.-]*$/.test(value) ? undefined : instead(value, 'an id')

/** Seconds since the epoch that a date can hold. */
export const seconds: Shape = (value) =>
  typeof value === 'number' && Math.abs(value) <= LAST_SECOND ? undefined : instead(value, 'a time')

/** RFC 3339, or nothing. */
export const time: Shape = (value) =>
  value === '' || (typeof value === 'string' && !Number.isNaN(Date.parse(value))) ? undefined : instead(value, 'a time')

const LAST_SECOND = 8.64e12

/** A value that engines omit where it is empty, or give as null. */
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
