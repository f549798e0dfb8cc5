import { type MapNode, nearest, type Path, type Tree } from '../../yaml/tree.ts'

/** Converts a JSON pointer to a path in the tree: list indexes become numbers. */
export function pathOf(tree: Tree, pointer: string): Path {
  const path: (string | number)[] = []
  let node = tree
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(node.kind === 'seq' ? Number(key) : key)
    node = nearest(node, path.slice(-1))
  }
  return path
}

/** Converts a path to a JSON pointer (RFC 6901). */
export function pointerTo(path: Path): string {
  return path.map((step) => `/${escaped(String(step))}`).join('')
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** New nodes by JSON pointer; undefined removes the existing node. */
export type Changes = Map<string, Tree | undefined>

/** Copies the tree with the changes; copies only the parents of changed nodes. */
export function replaceAt(tree: MapNode, changes: Changes): MapNode {
  const ways = new Set([...changes.keys()].flatMap(pointersAbove))
  return ways.size === 0 ? tree : { ...tree, entries: changedEntries(tree, '', changes, ways) }
}

function changed(node: Tree, pointer: string, changes: Changes, ways: ReadonlySet<string>): Tree | undefined {
  if (changes.has(pointer)) return changes.get(pointer)
  if (!ways.has(pointer) || node.kind === 'scalar') return node
  if (node.kind === 'map') return { ...node, entries: changedEntries(node, pointer, changes, ways) }
  return {
    ...node,
    items: node.items.flatMap((item, index) => changed(item, `${pointer}/${index}`, changes, ways) ?? []),
  }
}

function changedEntries(
  node: MapNode,
  pointer: string,
  changes: Changes,
  ways: ReadonlySet<string>,
): MapNode['entries'] {
  const entries: MapNode['entries'] = new Map()
  for (const [key, { keyAt, value }] of node.entries) {
    const result = changed(value, `${pointer}/${escaped(key)}`, changes, ways)
    if (result) entries.set(key, { keyAt, value: result })
  }
  return entries
}

function pointersAbove(pointer: string): string[] {
  const steps = pointer.split('/')
  return steps.slice(0, -1).map((_, index) => steps.slice(0, index + 1).join('/'))
}
