import type { Tree } from '../source/tree.ts'
import { isReset, untagged } from './nodes.ts'

/** The tree without what is marked `!reset`, and without marks. Source: Compose Specification, "13-merge". */
export function applyTags(tree: Tree): Tree {
  switch (tree.kind) {
    case 'scalar':
      return untagged(tree)
    case 'seq':
      return { ...untagged(tree), items: tree.items.filter((item) => !isReset(item)).map(applyTags) }
    case 'map': {
      const kept = [...tree.entries].filter(([, { value }]) => !isReset(value))
      return {
        ...untagged(tree),
        entries: new Map(kept.map(([key, entry]) => [key, { ...entry, value: applyTags(entry.value) }])),
      }
    }
  }
}
