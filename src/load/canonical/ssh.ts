import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { ScalarNode, Tree } from '../../yaml/tree.ts'
import { isNull, scalarLike, seqLike, textOf } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'
import { distinct } from './distinct.ts'

/** Keys and agents, each as `default` or `ID=PATH`. Source: Compose Specification, build, "ssh". */
export const ssh: Rule = distinct((node, report) => {
  const items = node.kind === 'map' ? pairsOf(node) : node.kind === 'seq' ? node.items : [node]
  if (node.kind !== 'map') for (const item of items) reportAlone(item, report)
  return seqLike(items, node)
})

function pairsOf(node: Extract<Tree, { kind: 'map' }>): ScalarNode[] {
  return [...node.entries].flatMap(([id, { value }]) => {
    if (value.kind !== 'scalar') return []
    return [scalarLike(isNull(value) ? id : `${id}=${textOf(value)}`, value)]
  })
}

function reportAlone(item: Tree, report: Report): void {
  const text = item.kind === 'scalar' ? textOf(item) : ''
  if (text.includes('=') || text === 'default') return
  report(
    error('invalid-value', `invalid SSH key "${foreign(text)}"`, { at: item.at, hint: 'write default, or ID=PATH' }),
  )
}
