import type { Span } from '../diagnostics/span.ts'

/** YAML's scalars, as the core schema reads them. */
export type ScalarValue = string | number | boolean | null

/** The two tags that control merging (Compose Specification, "13-merge"). */
export type MergeTag = '!reset' | '!override'

interface NodeBase {
  /** The span of the value in its file; kept through interpolation, include, extends and merge. */
  at: Span
  tag?: MergeTag
  /** The value, or part of it, comes from a variable or key whose name marks it as secret. */
  secret?: true
}

export interface ScalarNode extends NodeBase {
  kind: 'scalar'
  value: ScalarValue
  /** The characters of a plain scalar if they differ from `String(value)`: `1.10`, `0755`, `1e3`, `yes`. */
  text?: string
  /** Looks like a timestamp without quotes, which is invalid for every attribute of Compose. */
  date?: true
  /** A literal block scalar (`|`): each line of the value is a line of the file. */
  literal?: true
}

export interface SeqNode extends NodeBase {
  kind: 'seq'
  items: Tree[]
}

export interface Entry {
  keyAt: Span
  value: Tree
}

export interface MapNode extends NodeBase {
  kind: 'map'
  /** In file order. */
  entries: Map<string, Entry>
  /** Values of merge keys (`<<`), as written. */
  merges?: { keyAt: Span; value: Tree }[]
}

/** A YAML document in which every key and value has its origin. Immutable. */
export type Tree = ScalarNode | SeqNode | MapNode

/** A place in a tree: mapping keys and sequence indexes from the root. */
export type Path = readonly (string | number)[]

export function get(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined
}

/** The value at a sequence of keys. */
export function getIn(tree: Tree | undefined, keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((node, key) => get(node, key), tree)
}

/** The node at a path, or its deepest existing parent. */
export function nearest(tree: Tree, path: Path): Tree {
  const [head, ...rest] = path
  if (head === undefined) return tree
  const child = tree.kind === 'seq' ? tree.items[Number(head)] : get(tree, String(head))
  return child ? nearest(child, rest) : tree
}

/** Formats a path in the user's notation: `services.web.ports[0]`. Keys with a dot, a bracket or a space are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const key = /[.[\]\s"]/.test(step) || step === '' ? JSON.stringify(step) : step
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** Converts a tree to plain JSON data without spans. */
export function toData(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'seq') return tree.items.map(toData)
  const data: Record<string, unknown> = {}
  for (const [key, { value }] of tree.entries) put(data, key, toData(value))
  return data
}

/** Sets a key of plain data. A plain assignment to `__proto__` would set the prototype instead of a key. */
export function put(data: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') data[key] = value
  else Object.defineProperty(data, key, { value, enumerable: true, configurable: true, writable: true })
}
