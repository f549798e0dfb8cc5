import type { Span } from '../../diagnostics/span.ts'
import type { MapNode, Tree } from '../../yaml/tree.ts'
import { textOf } from '../tree/nodes.ts'
import { contains } from '../tree/spans.ts'
import type { Lost, Source } from './explained.ts'
import { type Layer, samePlace } from './layers.ts'

/** The scalar at a span as parsed, and the mapping that contains it, directly or through a merge key. */
export interface Written {
  node: Tree
  parent?: MapNode
  key?: string
  keyAt?: Span
}

/** The source of a layer's value as written: before interpolation, in short syntax. */
export function writtenAt(layer: Layer, at: Span): Written | undefined {
  return layer.document && find({ node: layer.document.written }, at, layer.keyAt)
}

function find(here: Written, at: Span, keyAt: Span): Written | undefined {
  const { node } = here
  if (node.kind === 'scalar') return samePlace(node.at, at) ? here : undefined
  const matches = inside(node)
    .map((child) => find(child, at, keyAt))
    .filter((found) => found !== undefined)
  return matches.find((found) => found.keyAt && samePlace(found.keyAt, keyAt)) ?? matches[0]
}

function inside(node: Exclude<Tree, { kind: 'scalar' }>): Written[] {
  if (node.kind === 'seq') return node.items.map((item) => ({ node: item }))
  return [...node.entries].map(([key, { keyAt, value }]) => ({ node: value, parent: node, key, keyAt }))
}

/** How a value reached a place other than the one where it was written: through a merge key or an alias. */
export function detours(parent: MapNode | undefined, key: string): Source['through'] {
  const entry = parent?.entries.get(key)
  if (!parent || !entry) return []
  if (!contains(parent.at, entry.keyAt)) {
    const merge = (parent.merges ?? []).find(({ value }) =>
      mappings(value).some((map) => map.entries.get(key)?.keyAt === entry.keyAt),
    )
    return merge ? [{ what: '<<', at: merge.keyAt }] : []
  }
  return contains(parent.at, entry.value.at) && !isBefore(entry.value.at, entry.keyAt)
    ? []
    : [{ what: 'alias', at: entry.keyAt }]
}

/** Values of merge keys that the mapping's own key or an earlier merge overrides. */
export function lostMerges(parent: MapNode | undefined, key: string): Lost[] {
  const winner = parent?.entries.get(key)
  if (!parent || !winner) return []
  const own = contains(parent.at, winner.keyAt)
  const reason = own ? 'a key of the mapping itself overrides `<<`' : 'an earlier `<<` takes precedence'
  return (parent.merges ?? [])
    .flatMap(({ value }) => mappings(value))
    .flatMap((map) => map.entries.get(key) ?? [])
    .filter((entry) => entry.keyAt !== winner.keyAt && entry.value.kind === 'scalar')
    .map(({ value }) => ({ at: value.at, value: value.kind === 'scalar' ? textOf(value) : undefined, reason }))
}

/** The mapping at a path of the file, as parsed. */
export function mappingAt(root: Tree, steps: readonly (string | number)[]): MapNode | undefined {
  const [step, ...rest] = steps
  if (root.kind !== 'map') return undefined
  if (step === undefined) return root
  const child = root.entries.get(String(step))?.value
  return child && mappingAt(child, rest)
}

function mappings(value: Tree): MapNode[] {
  return (value.kind === 'seq' ? value.items : [value]).filter((each) => each.kind === 'map')
}

function isBefore(a: Span, b: Span): boolean {
  return a.line < b.line || (a.line === b.line && a.col < b.col)
}
