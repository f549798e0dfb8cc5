import {
  type Entry,
  get,
  type MapNode,
  type ScalarNode,
  type ScalarValue,
  type SeqNode,
  type Tree,
} from '../../yaml/tree.ts'

/** Replaces a node by a scalar with the same span, merge tag and taint. */
export function scalarLike(value: ScalarValue, like: Tree): ScalarNode {
  return { kind: 'scalar', value, ...marksOf(like) }
}

export function seqLike(items: Tree[], like: Tree): SeqNode {
  return { kind: 'seq', items, ...marksOf(like) }
}

export function mapLike(entries: Iterable<readonly [string, Entry]>, like: Tree): MapNode {
  return { kind: 'map', entries: new Map(entries), ...marksOf(like) }
}

/** Creates a mapping of plain values with the same origin. Omits undefined values. */
export function mapOf(values: Readonly<Record<string, ScalarValue | Tree | undefined>>, like: Tree): MapNode {
  const entries = new Map<string, Entry>()
  for (const key of Object.keys(values)) {
    const value = values[key]
    if (value === undefined) continue
    const node = value !== null && typeof value === 'object' ? value : untagged(scalarLike(value, like))
    entries.set(key, { keyAt: like.at, value: node })
  }
  return { kind: 'map', entries, ...marksOf(like) }
}

/**
 * Sets keys, or removes those whose value is undefined. New keys get the span of their value. Returns the node itself if nothing
 * changes.
 */
export function withEntries(node: MapNode, changes: Readonly<Record<string, Tree | undefined>>): MapNode {
  let entries: Map<string, Entry> | undefined
  for (const key of Object.keys(changes)) {
    const value = changes[key]
    const earlier = node.entries.get(key)
    if (value === earlier?.value) continue
    entries ??= new Map(node.entries)
    if (value) entries.set(key, { keyAt: earlier?.keyAt ?? value.at, value })
    else entries.delete(key)
  }
  return entries ? { ...node, entries } : node
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
  if (like.tag === undefined && like.secret === undefined) return { at: like.at }
  return { at: like.at, ...(like.tag && { tag: like.tag }), ...(like.secret && { secret: true as const }) }
}

/** The text of a scalar as `docker compose` prints it: booleans and numbers by value (`1.10` becomes `1.1`), null as an empty string. */
export function textOf(node: ScalarNode): string {
  const { value, text } = node
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (typeof value === 'number') return numberText(value, text)
  return String(value)
}

/** Formats a number as Go does: integers by their digits, others with %v. */
function numberText(value: number, text: string | undefined): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  if (isFloat({ value, text })) return fractionText(value)
  return text !== undefined && Math.abs(value) > Number.MAX_SAFE_INTEGER && /^-?\d+$/.test(text) ? text : String(value)
}

/** Whether a number is written as a float, which is another type in Go even for integral values: `80.0`, `1e3`. */
export function isFloat({ value, text }: { value: ScalarValue; text?: string | undefined }): boolean {
  if (typeof value !== 'number') return false
  return !Number.isInteger(value) || (text !== undefined && /[.eE]/.test(text) && !/^[-+]?0x/i.test(text))
}

/** Shortest digits, with an exponent below 1e-4 and from 1e6 on: `100000000.0` becomes `1e+08`, `0.30` becomes `0.3`. */
function fractionText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (!Number.isFinite(value) || (power >= -4 && power < 6)) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** The text of a string or number at a key, if there is one. */
export function textAt(node: MapNode, key: string): string | undefined {
  const value = node.entries.get(key)?.value
  return value?.kind === 'scalar' && value.value !== null ? textOf(value) : undefined
}

/** The items of the list under a key; none if it is no list. */
export function itemsAt(node: MapNode, key: string): Tree[] {
  const list = get(node, key)
  return list?.kind === 'seq' ? list.items : []
}

/** The values of a mapping; none of anything else. */
export function valuesOf(tree: Tree | undefined): Tree[] {
  return tree?.kind === 'map' ? [...tree.entries.values()].map(({ value }) => value) : []
}
