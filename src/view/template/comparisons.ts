import type { TemplateFunction } from './evaluate.ts'
import { Float } from './node.ts'
import { isList, Struct, typeOf, type Value } from './value.ts'

/** Exactly two values. */
export function pair(args: readonly Value[]): [Value, Value] {
  if (args.length !== 2) throw new Error(`takes 2 values, not ${args.length}`)
  return [args[0], args[1]]
}

/** `eq` compares its first value with each of the others. */
export const comparisons = {
  eq: (first, ...others) => {
    if (others.length === 0) throw new Error('a value to compare with is missing')
    return others.some((each) => equal(first, each))
  },
  ne: (...args) => !equal(...pair(args)),
  lt: (...args) => order(...pair(args)) < 0,
  le: (...args) => order(...pair(args)) <= 0,
  gt: (...args) => order(...pair(args)) > 0,
  ge: (...args) => order(...pair(args)) >= 0,
} satisfies Record<string, TemplateFunction>

function equal(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b
  for (const each of [a, b]) {
    if (isList(each) || each instanceof Map || each instanceof Struct) throw new Error(`cannot compare ${typeOf(each)}`)
  }
  comparable(a, b)
  return plain(a) === plain(b)
}

function order(a: Value, b: Value): number {
  comparable(a, b)
  const [one, other] = [plain(a), plain(b)]
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other))
  if (typeof one === 'number' && typeof other === 'number') return one - other
  throw new Error(`cannot order ${typeOf(a)}`)
}

/** Go does not convert between integers and floats. */
function comparable(a: Value, b: Value): void {
  if (typeOf(a) !== typeOf(b)) throw new Error(`cannot compare ${typeOf(a)} with ${typeOf(b)}`)
}

function plain(value: Value): unknown {
  return value instanceof Float ? value.value : value
}
