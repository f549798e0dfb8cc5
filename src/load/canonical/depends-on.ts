import type { Entry, Tree } from '../../yaml/tree.ts'
import { mapLike, mapOf, scalarLike, textOf, untagged, withEntries } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'

/** `[db]` becomes `{db: {condition: service_started, required: true}}`; a mapping may omit the condition if an earlier file sets it. */
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
    item.kind === 'scalar' ? [[textOf(item), { keyAt: item.at, value: mapOf({ condition: STARTED }, item) }]] : [],
  )
}

const STARTED = 'service_started'

function complete(value: Tree): Tree {
  if (value.tag === '!reset') return value
  const given = value.kind === 'map' ? value : mapOf({ condition: STARTED }, value)
  return given.entries.has('required') ? given : withEntries(given, { required: scalarLike(true, untagged(given)) })
}
