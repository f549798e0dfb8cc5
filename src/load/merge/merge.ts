import type { MapNode, Tree } from '../../yaml/tree.ts'
import { isNull, isReset, mapLike, seqLike, textAt } from '../tree/nodes.ts'
import type { ScalarsForLists } from './scalar-for-list.ts'

/**
 * Two canonical trees as one, the second winning. Source: Compose Specification, "13-merge".
 * Mappings are merged by key, lists are appended (unique.ts then drops duplicates), a null changes nothing, and
 * everything else is replaced; the table lists the exceptions. `!override` replaces any value; `!reset`
 * stays as a mark (tags.ts), so that it also removes values of even earlier files.
 */
export function merge(base: Tree, over: Tree, mergers: Mergers = MERGERS): Tree {
  return mergeAt(base, over, [], mergers)
}

/** The documents of a model on top of each other. */
export function mergeDocuments(
  documents: readonly Tree[],
  mergers: Mergers,
  scalars: ScalarsForLists,
): Tree | undefined {
  return documents.reduce<Tree | undefined>((base, over) => {
    if (base) scalars.meetDocuments(base, over)
    return base ? merge(base, over, mergers) : over
  }, undefined)
}

/** A service with another one on top of it. */
export function mergeServices(base: Tree, over: Tree, mergers: Mergers = MERGERS): Tree {
  return mergeAt(base, over, ['services', '*'], mergers)
}

export type Merger = (base: Tree, over: Tree, path: string[], mergers: Mergers) => Tree

/** By path pattern; names of services, networks and volumes are `*`. */
export type Mergers = Readonly<Record<string, Merger>>

const replace: Merger = (_, over) => over

/** Keys of the second win even without a value: it then comes from the caller's environment. */
const replaceKeys: Merger = (base, over) => {
  if (base.kind !== 'map' || over.kind !== 'map') return over
  return mapLike([...base.entries, ...over.entries], over)
}

/** Options of one log driver mean nothing to another. */
const sameDriver: Merger = (base, over, path, mergers) => {
  if (base.kind !== 'map' || over.kind !== 'map') return over
  const [before, after] = [textAt(base, 'driver'), textAt(over, 'driver')]
  return before !== undefined && after !== undefined && before !== after ? over : mergeMaps(base, over, path, mergers)
}

/** Address pools with the same subnet are one. */
const bySubnet: Merger = (base, over, path, mergers) => {
  if (base.kind !== 'seq' || over.kind !== 'seq') return over
  const subnetOf = (pool: Tree) => (pool.kind === 'map' ? textAt(pool, 'subnet') : undefined)
  const pools = base.items.map((pool) => {
    const same = over.items.find((other) => subnetOf(other) !== undefined && subnetOf(other) === subnetOf(pool))
    return same ? mergeAt(pool, same, [...path, '*'], mergers) : pool
  })
  const known = new Set(base.items.map(subnetOf))
  const added = over.items.filter((pool) => subnetOf(pool) === undefined || !known.has(subnetOf(pool)))
  return seqLike([...pools, ...added], over)
}

/** Paths that are not merged by the kind of their values. Source: compose-go, override/merge.go. */
export const MERGERS: Mergers = {
  'networks.*.ipam.config': bySubnet,
  'services.*.build.args': replaceKeys,
  'services.*.command': replace,
  'services.*.entrypoint': replace,
  'services.*.environment': replaceKeys,
  'services.*.healthcheck.test': replace,
  'services.*.logging': sameDriver,
  'services.*.ulimits': replaceKeys,
}

function mergeAt(base: Tree, over: Tree, path: string[], mergers: Mergers): Tree {
  if (over.tag !== undefined || isReset(base)) return over
  const merger = mergers[path.join('.')]
  if (isNull(over) && merger !== replace) return base
  if (isNull(base)) return over
  if (merger) return merger(base, over, path, mergers)
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path, mergers)
  if (base.kind === 'seq' && over.kind === 'seq') return seqLike([...base.items, ...over.items], over)
  return over
}

function mergeMaps(base: MapNode, over: MapNode, path: string[], mergers: Mergers): MapNode {
  const entries = new Map(base.entries)
  for (const [key, entry] of over.entries) {
    const earlier = base.entries.get(key)
    const value = earlier ? mergeAt(earlier.value, entry.value, stepInto(path, key), mergers) : entry.value
    entries.set(key, { keyAt: value === earlier?.value ? earlier.keyAt : entry.keyAt, value })
  }
  return mapLike(entries, over)
}

/** Names of services, networks and volumes are `*` in the table. */
function stepInto(path: string[], key: string): string[] {
  return [...path, path.length === 1 ? '*' : key]
}
