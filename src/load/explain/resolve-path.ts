import type { Path, Tree } from '../../yaml/tree.ts'

export interface Resolved {
  /** The longest part of the path that exists. */
  steps: Path
  /** The node at the whole path. */
  found?: Tree
  /** The rest of the path. */
  missing: Path
  /** The siblings of the first missing key. */
  near: string[]
}

/**
 * Resolves a path in the user's notation: dots between keys, numbers in brackets, quotes around keys that contain either. Unquoted
 * keys may contain dots too: the longest run of steps that forms a key is taken.
 */
export function resolvePath(tree: Tree, path: string): Resolved {
  return resolve(tree, [], stepsOf(path))
}

function stepsOf(path: string): string[] {
  const step = /"((?:[^"\\]|\\.)*)"|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]"]+)/g
  return [...path.matchAll(step)].map(([, quoted, index, key, bare]) => quoted ?? index ?? key ?? bare ?? '')
}

function resolve(node: Tree, steps: Path, rest: readonly string[]): Resolved {
  if (rest.length === 0) return { steps, found: node, missing: [], near: [] }
  if (node.kind === 'seq') {
    const index = Number(rest[0])
    const item = node.items[index]
    return item ? resolve(item, [...steps, index], rest.slice(1)) : { steps, missing: rest, near: [] }
  }
  if (node.kind === 'scalar') return { steps, missing: rest, near: [] }
  for (let taken = rest.length; taken > 0; taken--) {
    const key = rest.slice(0, taken).join('.')
    const value = node.entries.get(key)?.value
    if (value) return resolve(value, [...steps, key], rest.slice(taken))
  }
  return { steps, missing: rest, near: [...node.entries.keys()] }
}
