import type { Entry } from '../../yaml/tree.ts'
import { mapLike, scalarLike, textOf, untagged } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'

/** A service's networks or models: `[front]` becomes `{front: null}`. */
export const attachments: Rule = (node) => {
  if (node.kind !== 'seq') return node
  const entries = node.items.flatMap((item): [string, Entry][] =>
    item.kind === 'scalar' ? [[textOf(item), { keyAt: item.at, value: untagged(scalarLike(null, item)) }]] : [],
  )
  return mapLike(entries, node)
}
