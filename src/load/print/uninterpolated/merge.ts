import { type MapNode, type SeqNode, type Tree, toData } from '../../../yaml/tree.ts'
import { MERGERS, type Merger, type Mergers } from '../../merge/merge.ts'
import { NAMED_LISTS, once, UNIQUE } from '../../merge/unique.ts'
import { isReset, scalarLike, seqLike, textOf } from '../../tree/nodes.ts'
import type { Rule, Rules } from '../../tree/rewrite.ts'

/** Mappings of names and values, merged as lists of `NAME=value`, since files may use either form. */
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

/** Lists that may also be written as a single value. */
const LISTS = ['services.*.dns_opt', 'services.*.dns_search', 'services.*.tmpfs']

const asLists: Merger = (base, over, _, merging) => {
  const entries = over.kind === 'map' ? [...over.entries] : []
  const gone = new Set(entries.filter(([, each]) => isReset(each.value)).map(([name]) => name))
  const list = listOf(base)
  if (gone.size === 0) return merging.append(list, listOf(over))
  const kept = list.items.filter((item) => !gone.has(nameOf(item)))
  return seqLike([...kept, ...listOf(over).items], over)
}

function nameOf(item: Tree): string {
  return item.kind === 'scalar' ? (textOf(item).split('=', 1)[0] ?? '') : ''
}

/** How values in their original syntax are merged. Source: compose-go, override/merge.go. */
export const UNINTERPOLATED_MERGERS: Mergers = {
  ...MERGERS,
  ...Object.fromEntries([...PAIRS, ...LISTS].map((path) => [path, asLists])),
}

function listOf(node: Tree): SeqNode {
  if (node.kind === 'seq') return node
  return seqLike(node.kind === 'map' ? pairsIn(node) : [node], node)
}

function pairsIn(node: MapNode): Tree[] {
  const said = [...node.entries].filter(([, { value }]) => !isReset(value))
  const pairs = said.map(([name, { value }]) => {
    const text = value.kind === 'scalar' && value.value !== null ? `${name}=${textOf(value)}` : name
    return scalarLike(text, value)
  })
  return pairs.sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
}

/** Keeps the last of several pairs with the same name, at the position of the first. */
const lastOfName: Rule = (node) => {
  if (node.kind !== 'seq') return node
  const named = new Map<string, Tree>()
  for (const item of node.items) {
    named.set(nameOf(item), item)
  }
  return named.size === node.items.length ? node : { ...node, items: [...named.values()] }
}

/** Compares items in short syntax as a whole. */
function orWhole(rule: Rule): Rule {
  return (node, report) => {
    if (node.kind !== 'seq' || node.items.every(({ kind }) => kind === 'map')) return rule(node, report)
    const items = new Map(
      node.items.map((item) => [item.kind === 'scalar' ? textOf(item) : JSON.stringify(toData(item)), item]),
    )
    return items.size === node.items.length ? node : { ...node, items: [...items.values()] }
  }
}

/** Keeps the last of several duplicates, at the position of the first. */
export const UNINTERPOLATED_UNIQUE: Rules = {
  ...Object.fromEntries(Object.entries(UNIQUE).map(([path, rule]) => [path, rule === once ? rule : orWhole(rule)])),
  ...Object.fromEntries([...PAIRS, ...NAMED_LISTS].map((path) => [path, lastOfName])),
}
