import type { Entry, Tree } from '../../source/tree.ts'
import { mapLike, mapOf, textOf, untagged, withEntries } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'

/** `[db]` is `{db: {condition: service_started, required: true}}`. */
export const dependsOn: Rule = (node) => {
  const dependencies = node.kind === 'map' ? [...node.entries] : named(node)
  return mapLike(
    dependencies.map(([name, entry]) => [name, { ...entry, value: complete(entry.value) }]),
    node,
  )
}

function named(node: Tree): [string, Entry][] {
  const items = node.kind === 'seq' ? node.items : [node]
  return items.flatMap((item): [string, Entry][] =>
    item.kind === 'scalar' ? [[textOf(item), { keyAt: item.at, value: mapOf({}, item) }]] : [],
  )
}

function complete(value: Tree): Tree {
  if (value.tag === '!reset') return value
  const given = value.kind === 'map' ? value : mapOf({}, value)
  const defaults = mapOf({ condition: 'service_started', required: true }, untagged(given))
  const missing = [...defaults.entries].filter(([key]) => !given.entries.has(key))
  return withEntries(given, Object.fromEntries(missing.map(([key, entry]) => [key, entry.value])))
}
