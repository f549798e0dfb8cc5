import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { MapNode } from '../../yaml/tree.ts'
import { mapOf, seqLike, textAt, textOf } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'

/** A list of `{path, required, format?}`. */
export const envFiles: Rule = (node, report) => {
  const items = node.kind === 'seq' ? node.items : [node]
  const long = items.flatMap((item): MapNode[] => {
    if (item.kind === 'map') return [knownFormat(item, report)]
    return item.kind === 'scalar'
      ? [{ kind: 'map', at: item.at, entries: mapOf({ path: textOf(item) }, item).entries }]
      : []
  })
  return seqLike(long, node)
}

function knownFormat(item: MapNode, report: Report): MapNode {
  const format = textAt(item, 'format') ?? ''
  if (format === '' || format === 'raw') return item
  const at = item.entries.get('format')?.value.at ?? item.at
  const hint = 'use raw, which takes values literally, or remove the key'
  report(error('invalid-value', `unknown env file format "${foreign(format)}"`, { at, hint }))
  return item
}
