import type { Entry, MapNode, SeqNode, Tree } from '../../yaml/tree.ts'
import { isNull, isReset, mapLike, seqLike, textAt } from '../tree/nodes.ts'
import type { ScalarsForLists } from './scalar-for-list.ts'

/**
 * Merges two canonical trees; the second one takes precedence. Source: Compose Specification, "13-merge". Mappings are merged by
 * key, lists are appended (unique.ts then drops duplicates), a null changes nothing, and everything else is replaced; the table
 * lists the exceptions. `!override` replaces any value; `!reset` stays as a mark (tags.ts), so that it also removes values of even
 * earlier files.
 */
export function merge(base: Tree, over: Tree, mergers: Mergers = MERGERS): Tree {
  return mergeAt(base, over, [], new Merging(mergers))
}

/** Merges the documents of a model in order, in time linear in their number. */
export function mergeDocuments(
  documents: readonly Tree[],
  mergers: Mergers,
  scalars?: ScalarsForLists,
): Tree | undefined {
  const merging = new Merging(mergers)
  return documents.reduce<Tree | undefined>((base, over) => {
    if (base) scalars?.meetDocuments(base, over)
    return base ? mergeAt(base, over, [], merging) : over
  }, undefined)
}

/** Merges two services; the second one takes precedence. */
export function mergeServices(base: Tree, over: Tree, mergers: Mergers = MERGERS): Tree {
  return mergeAt(base, over, ['services', '*'], new Merging(mergers))
}

export type Merger = (base: Tree, over: Tree, path: string[], merging: Merging) => Tree

/** By path pattern; `*` stands for names of services, networks and volumes. */
export type Mergers = Readonly<Record<string, Merger>>

/** A single merge. It modifies the containers that it created itself: copying them for each of many documents would be slow. */
class Merging {
  readonly mergers: Mergers
  readonly #made = new WeakSet<object>()

  constructor(mergers: Mergers) {
    this.mergers = mergers
  }

  /** A mapping's entries, as a modifiable map. */
  entriesOf(base: MapNode): Map<string, Entry> {
    return this.#made.has(base) ? base.entries : new Map(base.entries)
  }

  /** Creates a mapping with these entries in place of another node. */
  mapLike(entries: Map<string, Entry>, over: Tree): MapNode {
    return this.#marked({ ...mapLike([], over), entries })
  }

  /** Appends one list to another. */
  append(base: SeqNode, over: SeqNode): SeqNode {
    const items = this.#made.has(base) ? base.items : [...base.items]
    for (const item of over.items) items.push(item)
    return this.#marked(seqLike(items, over))
  }

  #marked<N extends Tree>(node: N): N {
    this.#made.add(node)
    return node
  }
}

const replace: Merger = (_, over) => over

/** Keys of the second mapping take precedence even without a value, which then comes from the caller's environment. */
const replaceKeys: Merger = (base, over, _, merging) => {
  if (base.kind !== 'map' || over.kind !== 'map') return over
  const entries = merging.entriesOf(base)
  for (const [key, entry] of over.entries) entries.set(key, entry)
  return merging.mapLike(entries, over)
}

/** One log driver's options have no meaning for another. */
const sameDriver: Merger = (base, over, path, merging) => {
  if (base.kind !== 'map' || over.kind !== 'map') return over
  const [before, after] = [textAt(base, 'driver'), textAt(over, 'driver')]
  return before !== undefined && after !== undefined && before !== after ? over : mergeMaps(base, over, path, merging)
}

/** Merges address pools with the same subnet. */
const bySubnet: Merger = (base, over, path, merging) => {
  if (base.kind !== 'seq' || over.kind !== 'seq') return over
  const subnetOf = (pool: Tree) => (pool.kind === 'map' ? textAt(pool, 'subnet') : undefined)
  const others = new Map([...over.items].reverse().map((other) => [subnetOf(other), other]))
  const pools = base.items.map((pool) => {
    const same = subnetOf(pool) === undefined ? undefined : others.get(subnetOf(pool))
    return same ? mergeAt(pool, same, [...path, '*'], merging) : pool
  })
  const known = new Set(base.items.map(subnetOf))
  const added = over.items.filter((pool) => subnetOf(pool) === undefined || !known.has(subnetOf(pool)))
  return seqLike([...pools, ...added], over)
}

/** Paths with a special merge. Source: compose-go, override/merge.go. */
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

function mergeAt(base: Tree, over: Tree, path: string[], merging: Merging): Tree {
  if (over.tag !== undefined || isReset(base)) return over
  const merger = merging.mergers[path.join('.')]
  if (isNull(over) && merger !== replace) return base
  if (isNull(base)) return over
  if (merger) return merger(base, over, path, merging)
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path, merging)
  if (base.kind === 'seq' && over.kind === 'seq') return merging.append(base, over)
  return over
}

function mergeMaps(base: MapNode, over: MapNode, path: string[], merging: Merging): MapNode {
  const entries = merging.entriesOf(base)
  for (const [key, entry] of over.entries) {
    const earlier = entries.get(key)
    const value = earlier ? mergeAt(earlier.value, entry.value, stepInto(path, key), merging) : entry.value
    entries.set(key, { keyAt: value === earlier?.value ? earlier.keyAt : entry.keyAt, value })
  }
  return merging.mapLike(entries, over)
}

/** In the table, `*` stands for names of services, networks and volumes. */
function stepInto(path: string[], key: string): string[] {
  return [...path, path.length === 1 ? '*' : key]
}
