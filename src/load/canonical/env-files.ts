import type { MapNode } from '../../source/tree.ts'
import { mapOf, seqLike, textOf } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'

/** A list of `{path, required, format?}`. */
export const envFiles: Rule = (node) => {
  const items = node.kind === 'seq' ? node.items : [node]
  const long = items.flatMap((item): MapNode[] => {
    if (item.kind === 'map') return [item]
    return item.kind === 'scalar'
      ? [{ kind: 'map', at: item.at, entries: mapOf({ path: textOf(item) }, item).entries }]
      : []
  })
  return seqLike(long, node)
}
