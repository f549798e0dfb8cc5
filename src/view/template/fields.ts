import { TemplateFault } from './fault.ts'
import { isList, Row, Struct, sortedEntries, typeOf, type Value } from './value.ts'

class NoField extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** A field, or the result of a method; only methods accept arguments. */
export function fieldOf(value: Value, name: string, args: Value[] | undefined): Value {
  const methods = value instanceof Row ? value.methods : {}
  if (Object.hasOwn(methods, name)) return methods[name]?.(...(args ?? []))
  if (args) throw new NoField(`.${name} takes no arguments`)
  if (value instanceof Map) return value.get(name)
  if (!(value instanceof Struct)) throw new NoField(`.${name} cannot be taken from ${typeOf(value)}`)
  if (Object.hasOwn(value.fields, name)) return value.fields[name]
  if (value instanceof Row && value.isOpen) return undefined
  const known = [...Object.keys(value.fields), ...Object.keys(methods)].sort()
  throw new NoField(`there is no field .${name}`, `there are ${known.map((each) => `.${each}`).join(', ')}`)
}

function* counted(most: number): Iterable<[Value, Value]> {
  for (let at = 0; at < most; at++) yield [at, at]
}

/** The indexes or keys, and the values, over which `range` iterates. Throws TemplateFault. */
export function itemsOf(value: Value, at: number): Iterable<[Value, Value]> {
  if (value === undefined) return []
  if (isList(value)) return value.map((each, index): [Value, Value] => [index, each])
  if (value instanceof Map) return sortedEntries(value)
  if (typeof value === 'number') return counted(value)
  throw new TemplateFault(`{{range}} cannot iterate over ${typeOf(value)}`, at)
}
