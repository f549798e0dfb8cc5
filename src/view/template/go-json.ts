import { Float } from './node.ts'
import { floatText, isList, Row, Struct, sortedEntries, type Value } from './value.ts'

/** Go's JSON. A row of a list has its fields sorted by name, and `<`, `>` and `&` escaped, as docker prints it. */
export function jsonOf(value: Value): string {
  if (value === undefined) return 'null'
  if (value instanceof Float) return floatText(value.value)
  if (isList(value)) return `[${value.map(jsonOf).join(',')}]`
  if (value instanceof Map) return object(sortedEntries(value))
  if (value instanceof Struct) return structJson(value)
  return typeof value === 'string' ? textJson(value) : JSON.stringify(value)
}

function structJson(struct: Struct): string {
  const entries = Object.entries(struct.fields)
  if (!(struct instanceof Row)) return object(entries)
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return object(sorted).replace(/[<>&]/g, unicode)
}

function object(entries: readonly (readonly [string, Value])[]): string {
  return `{${entries.map(([key, value]) => `${textJson(key)}:${jsonOf(value)}`).join(',')}}`
}

/** Go also escapes U+2028 and U+2029; control characters above ASCII must not reach a terminal. */
function textJson(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, unicode)
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
