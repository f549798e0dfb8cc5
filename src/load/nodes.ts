import type { Span } from '../diagnostics/span.ts'
import type { Entry, MapNode, ScalarNode, ScalarValue, SeqNode, Tree } from '../source/tree.ts'

/** A scalar in another node's place: its span, merge tag and taint are kept. */
export function scalarLike(value: ScalarValue, like: Tree): ScalarNode {
  return { kind: 'scalar', value, ...marksOf(like) }
}

export function seqLike(items: Tree[], like: Tree): SeqNode {
  return { kind: 'seq', items, ...marksOf(like) }
}

export function mapLike(entries: Iterable<readonly [string, Entry]>, like: Tree): MapNode {
  return { kind: 'map', entries: new Map(entries), ...marksOf(like) }
}

/** A mapping made of plain values that all come from one place. Undefined values are left out. */
export function mapOf(values: Readonly<Record<string, ScalarValue | Tree | undefined>>, like: Tree): MapNode {
  const entries = Object.entries(values).flatMap(([key, value]): [string, Entry][] => {
    if (value === undefined) return []
    const node = value !== null && typeof value === 'object' ? value : untagged(scalarLike(value, like))
    return [[key, { keyAt: like.at, value: node }]]
  })
  return mapLike(entries, like)
}

/** Keys set or, where the value is undefined, removed. New keys are said to stand where the mapping stands. */
export function withEntries(node: MapNode, changes: Readonly<Record<string, Tree | undefined>>): MapNode {
  const entries = new Map(node.entries)
  for (const [key, value] of Object.entries(changes)) {
    if (value) entries.set(key, { keyAt: entries.get(key)?.keyAt ?? value.at, value })
    else entries.delete(key)
  }
  return { ...node, entries }
}

export function entry(keyAt: Span, value: Tree): Entry {
  return { keyAt, value }
}

export function isNull(node: Tree | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null
}

export function isReset(node: Tree): boolean {
  return node.tag === '!reset'
}

export function untagged<N extends Tree>(node: N): N {
  if (node.tag === undefined) return node
  const { tag: _, ...rest } = node
  return rest as N
}

function marksOf(like: Tree): Pick<Tree, 'at' | 'tag' | 'secret'> {
  return { at: like.at, ...(like.tag && { tag: like.tag }), ...(like.secret && { secret: true as const }) }
}

/** The text of a scalar as `docker compose` prints it: booleans and numbers by value (`1.10` is `1.1`), null as nothing. */
export function textOf(node: ScalarNode): string {
  const { value, text } = node
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'number') return numberText(value, text)
  return String(value)
}

function numberText(value: number, text: string | undefined): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return text !== undefined && Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?\d+$/.test(text) ? text : String(value)
}

/** The text of a string or number at a key, if there is one. */
export function textAt(node: MapNode, key: string): string | undefined {
  const value = node.entries.get(key)?.value
  return value?.kind === 'scalar' && value.value !== null ? textOf(value) : undefined
}
