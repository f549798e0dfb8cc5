import { isMapping } from '../../util/object.ts'
import type { Path } from '../../yaml/tree.ts'
import { keysOf, schemaAt } from '../schema/shape.ts'

interface Ordered {
  /** Compares keys chosen by the user. */
  compare(a: string, b: string): number
  mapping(entries: [key: string, value: unknown][]): unknown
}

/** Sorts keys in the order of the schema, which is that of compose-go's fields (types/types.go), followed by keys that the user chose. */
export function inOrder(value: unknown, path: Path, form: Ordered): unknown {
  if (Array.isArray(value)) return value.map((item, index) => inOrder(item, [...path, index], form))
  if (!isMapping(value)) return value
  const order = keysOf(schemaAt(path))
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
  const keys = Object.keys(value).sort((a, b) => rank(a) - rank(b) || form.compare(a, b))
  return form.mapping(keys.map((key) => [key, inOrder(value[key], [...path, key], form)]))
}

/** With `$` doubled, so that the text can be loaded again. */
export function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$')
  if (Array.isArray(value)) return value.map(escaped)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, escaped(child)]))
}
