import type { Entry, MapNode, SeqNode, Tree } from '../../yaml/tree.ts'
import { isReset, untagged } from '../tree/nodes.ts'

/** Removes values marked `!reset`, and all marks; returns a tree without marks unchanged. Source: Compose Specification, "13-merge". */
export function applyTags(tree: Tree): Tree {
  switch (tree.kind) {
    case 'scalar':
      return untagged(tree)
    case 'seq':
      return untagged(withTaggedItems(tree))
    case 'map':
      return untagged(withTaggedEntries(tree))
  }
}

function withTaggedItems(tree: SeqNode): SeqNode {
  let changed = false
  const items: Tree[] = []
  for (const item of tree.items) {
    const result = isReset(item) ? undefined : applyTags(item)
    changed ||= result !== item
    if (result) items.push(result)
  }
  return changed ? { ...tree, items } : tree
}

function withTaggedEntries(tree: MapNode): MapNode {
  let changed = false
  const entries = new Map<string, Entry>()
  for (const [key, entry] of tree.entries) {
    const value = isReset(entry.value) ? undefined : applyTags(entry.value)
    changed ||= value !== entry.value
    if (value) entries.set(key, value === entry.value ? entry : { keyAt: entry.keyAt, value })
  }
  return changed ? { ...tree, entries } : tree
}
