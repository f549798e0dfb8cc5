import { warning } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { MapNode } from '../../yaml/tree.ts'
import { mapOf, scalarLike, textOf, untagged } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'

/**
 * Expands a string to a mapping with a single key: `build: ./app` becomes `build: {context: ./app}`. If `known` keys are given,
 * other keys are removed with a warning.
 */
export function oneKey(key: string, known?: readonly string[]): Rule {
  return (node, report) => {
    if (node.kind === 'scalar') return mapOf({ [key]: untagged(scalarLike(textOf(node), node)) }, node)
    return node.kind === 'map' && known ? withoutUnknown(node, known, report) : node
  }
}

function withoutUnknown(node: MapNode, known: readonly string[], report: Report): MapNode {
  const unknown = [...node.entries].filter(([key]) => !known.includes(key))
  for (const [key, { keyAt }] of unknown) {
    const hint = didYouMean(key, known) ?? `possible here: ${known.join(', ')}`
    report(warning('unknown-key', `unknown key "${key}"`, { at: keyAt, hint }))
  }
  if (unknown.length === 0) return node
  return { ...node, entries: new Map([...node.entries].filter(([key]) => known.includes(key))) }
}
