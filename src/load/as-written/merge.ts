import type { MapNode, SeqNode, Tree } from '../../source/tree.ts'
import { MERGERS, type Merger, type Mergers } from '../merge.ts'
import { scalarLike, seqLike, textOf } from '../nodes.ts'
import type { Rule, Rules } from '../rewrite.ts'
import { UNIQUE } from '../unique.ts'

/** Mappings of names and values, which are merged as lists of `NAME=value`: either form may meet the other. */
const PAIRS = [
  'networks.*.labels',
  'services.*.annotations',
  'services.*.build.args',
  'services.*.build.labels',
  'services.*.deploy.labels',
  'services.*.environment',
  'services.*.extra_hosts',
  'services.*.labels',
  'services.*.sysctls',
  'volumes.*.labels',
]

/** What may also be written as a lone value. */
const LISTS = ['services.*.dns_opt', 'services.*.dns_search', 'services.*.tmpfs']

const asLists: Merger = (base, over) => seqLike([...listOf(base).items, ...listOf(over).items], over)

/** How values that keep their spelling are merged. Source: compose-go, override/merge.go. */
export const MERGERS_AS_WRITTEN: Mergers = {
  ...MERGERS,
  ...Object.fromEntries([...PAIRS, ...LISTS].map((path) => [path, asLists])),
}

function listOf(node: Tree): SeqNode {
  if (node.kind === 'seq') return node
  return seqLike(node.kind === 'map' ? pairsIn(node) : [node], node)
}

function pairsIn(node: MapNode): Tree[] {
  const pairs = [...node.entries].map(([name, { value }]) => {
    const text = value.kind === 'scalar' && value.value !== null ? `${name}=${textOf(value)}` : name
    return scalarLike(text, value)
  })
  return pairs.sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
}

/** The last of several pairs with one name, in the place of the first. */
const lastOfName: Rule = (node) => {
  if (node.kind !== 'seq') return node
  const named = new Map<string, Tree>()
  for (const item of node.items) {
    const text = item.kind === 'scalar' ? textOf(item) : ''
    named.set(text.split('=', 1)[0] ?? text, item)
  }
  return named.size === node.items.length ? node : { ...node, items: [...named.values()] }
}

export const UNIQUE_AS_WRITTEN: Rules = {
  ...UNIQUE,
  ...Object.fromEntries(PAIRS.map((path) => [path, lastOfName])),
}
