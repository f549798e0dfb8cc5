import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { Anchors, type Built } from './alias.ts'
import { collectionExtent, scalarExtent } from './extent.ts'
import { type Source, spanBetween } from './lines.ts'
import { entriesOf, type Key, type Pair } from './mapping.ts'
import { isDate, resolvePlain } from './scalars.ts'
import { readTag, type Tag } from './tag.ts'
import type { MapNode, ScalarNode, Tree } from './tree.ts'

type NodeEvent = ScalarEvent | SequenceEvent | MappingEvent

/** The state of one walk over the events; every function here consumes events from `next` on. */
interface Walk {
  source: Source
  events: readonly Event[]
  next: number
  /** The offset at which the last consumed node ended. */
  end: number
  anchors: Anchors
  /** The number of aliases that could not be resolved, reported or not. */
  unresolved: number
  diagnostics: Diagnostic[]
}

/** Builds the trees of all non-empty documents from js-yaml's events, and reports every problem that the events do not contain. */
export function buildTrees(
  source: Source,
  events: readonly Event[],
): { documents: Tree[]; diagnostics: Diagnostic[]; hostile: boolean } {
  const walk: Walk = { source, events, next: 0, end: 0, anchors: new Anchors(), unresolved: 0, diagnostics: [] }
  const documents: Tree[] = []
  const empty: Tree[] = []
  let hostile = false
  while (walk.next < events.length) {
    walk.next++
    walk.anchors = new Anchors()
    const { tree } = buildNode(walk)
    walk.next++
    if (isEmpty(tree)) empty.push(tree)
    else documents.push(tree)
    hostile ||= walk.anchors.exhausted
  }
  if (documents.length > 0) walk.diagnostics.push(...empty.map(holdsNothing))
  return { documents, diagnostics: walk.diagnostics, hostile }
}

function holdsNothing({ at }: Tree): Diagnostic {
  return error('file-empty', 'a document of this file is empty', { at, hint: 'remove the line --- before it' })
}

/** Whether the document has no content, not even `null`. */
function isEmpty({ kind, at }: Tree): boolean {
  return kind === 'scalar' && at.line === at.endLine && at.col === at.endCol
}

function buildNode(walk: Walk): Built {
  const event = walk.events[walk.next++]
  if (event?.type === EVENT_ID.ALIAS) return buildAlias(walk, event)
  if (event?.type !== EVENT_ID.SCALAR && event?.type !== EVENT_ID.SEQUENCE && event?.type !== EVENT_ID.MAPPING) {
    throw new Error(`unexpected YAML event ${event?.type} at ${walk.next - 1}`)
  }
  if (event.anchorStart < 0) return buildContent(walk, event)
  const name = walk.source.text.slice(event.anchorStart, event.anchorEnd)
  walk.anchors.open(name)
  const built = buildContent(walk, event)
  walk.anchors.close(name, built)
  return built
}

/** Marks a value whose problem was reported: later phases remove it without checks, but its name stays known. */
const UNUSABLE = { tag: '!reset' } as const

function buildAlias(walk: Walk, { anchorStart, anchorEnd }: AliasEvent): Built {
  const at = spanBetween(walk.source, anchorStart - 1, anchorEnd)
  walk.end = anchorEnd
  const { built, problem } = walk.anchors.resolve(walk.source.text.slice(anchorStart, anchorEnd), at)
  if (problem) walk.diagnostics.push(problem)
  if (!built) walk.unresolved++
  return built ?? { tree: { kind: 'scalar', value: null, at, ...UNUSABLE }, size: 1 }
}

function buildContent(walk: Walk, event: NodeEvent): Built {
  if (event.type === EVENT_ID.SCALAR) return { tree: buildScalar(walk, event), size: 1 }
  walk.end = event.start
  return event.type === EVENT_ID.SEQUENCE ? buildSequence(walk, event) : buildMapping(walk, event)
}

function buildScalar(walk: Walk, event: ScalarEvent): ScalarNode {
  const { start, end } = scalarExtent(walk.source, event, walk.end)
  walk.end = end
  const at = spanBetween(walk.source, start, end)
  const raw = event.valueStart < 0 ? '' : getScalarValue(walk.source.text, event)
  const plain = event.style === SCALAR_STYLE.PLAIN
  if (event.tagStart >= 0) return buildTagged(walk, event, raw, at)
  const value = plain ? resolvePlain(raw) : raw
  const node: ScalarNode = { kind: 'scalar', value, at }
  if (value !== raw) return withText(node, raw)
  return plain && isDate(raw) ? { ...node, date: true } : withStyle(node, event)
}

function buildTagged(walk: Walk, event: ScalarEvent, raw: string, at: Span): ScalarNode {
  const tag = tagOf(walk, event, 'scalar')
  const value = tag.read ? tag.read(raw) : event.style === SCALAR_STYLE.PLAIN ? resolvePlain(raw) : raw
  const problems = tag.check(value, at)
  walk.diagnostics.push(...problems)
  const node: ScalarNode = { kind: 'scalar', value, at, ...(problems.length > 0 ? UNUSABLE : tag.steering) }
  return value === raw ? withStyle(node, event) : withText(node, raw)
}

/** Only a plain scalar's value can differ from its characters. */
function withText(node: ScalarNode, raw: string): ScalarNode {
  return raw !== '' && String(node.value) !== raw ? { ...node, text: raw } : node
}

function withStyle(node: ScalarNode, event: ScalarEvent): ScalarNode {
  return event.style === SCALAR_STYLE.LITERAL_BLOCK ? { ...node, literal: true } : node
}

function buildSequence(walk: Walk, event: SequenceEvent): Built {
  const tag = event.tagStart < 0 ? undefined : tagOf(walk, event, 'seq')
  const items: Tree[] = []
  let size = 1
  while (!closes(walk)) {
    const item = buildNode(walk)
    items.push(item.tree)
    size += item.size
  }
  const at = closed(walk, event)
  return { tree: tag ? { kind: 'seq', items, at, ...tag.steering } : { kind: 'seq', items, at }, size }
}

function buildMapping(walk: Walk, event: MappingEvent): Built {
  const tag = event.tagStart < 0 ? undefined : tagOf(walk, event, 'map')
  const pairs: Pair[] = []
  let size = 1
  let merges = false
  while (!closes(walk)) {
    const key = buildKey(walk)
    const before = walk.unresolved
    const value = buildNode(walk)
    size += value.size + 1
    if (key) pairs.push({ key, value: value.tree, broken: walk.unresolved > before })
    merges ||= key?.merges === true
  }
  const entries = entriesOf(pairs, (problem) => walk.diagnostics.push(problem))
  const at = closed(walk, event)
  const node: MapNode = tag ? { kind: 'map', entries, at, ...tag.steering } : { kind: 'map', entries, at }
  return { tree: merges ? { ...node, merges: mergesIn(pairs) } : node, size }
}

function mergesIn(pairs: readonly Pair[]): NonNullable<MapNode['merges']> {
  return pairs.filter(({ key }) => key.merges).map(({ key, value }) => ({ keyAt: key.at, value }))
}

/** Keys that look like numbers or booleans are reported, and kept as written. */
function buildKey(walk: Walk): Key | undefined {
  const event = walk.events[walk.next]
  if (event?.type === EVENT_ID.SCALAR && isBare(event)) return buildBareKey(walk, event)
  const { tree } = buildNode(walk)
  if (tree.kind !== 'scalar' || isEmpty(tree)) {
    walk.diagnostics.push(notAKey(tree))
    return undefined
  }
  const plain = event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0
  if (typeof tree.value !== 'string') walk.diagnostics.push(notText(tree.text ?? String(tree.value), tree.at))
  return { name: tree.text ?? String(tree.value), at: tree.at, merges: plain && tree.value === '<<' }
}

/** Whether a key is plain text without a tag or an anchor, as nearly all keys are. */
function isBare({ valueStart, valueEnd, tagStart, anchorStart, style }: ScalarEvent): boolean {
  return valueStart >= 0 && tagStart < 0 && anchorStart < 0 && (valueStart < valueEnd || style !== SCALAR_STYLE.PLAIN)
}

function buildBareKey(walk: Walk, event: ScalarEvent): Key {
  const { start, end } = scalarExtent(walk.source, event, walk.end)
  walk.next++
  walk.end = end
  const name = getScalarValue(walk.source.text, event)
  const at = spanBetween(walk.source, start, end)
  const plain = event.style === SCALAR_STYLE.PLAIN
  if (plain && typeof resolvePlain(name) !== 'string') walk.diagnostics.push(notText(name, at))
  return { name, at, merges: plain && name === '<<' }
}

function notText(name: string, at: Span): Diagnostic {
  const found = resolvePlain(name) === null ? 'null' : `the ${typeof resolvePlain(name)} ${name}`
  const pair = /^\d+$/.test(name) ? `; write a pair of ports as one string: "${name}:80"` : ''
  return error('yaml-unsupported', `a key must be a string, but this one is ${found}`, {
    at,
    hint: `put it in quotes: "${name}"${pair}`,
  })
}

function notAKey({ kind, at }: Tree): Diagnostic {
  const found = kind === 'scalar' ? 'missing' : kind === 'map' ? 'a mapping' : 'a list'
  const hint = kind === 'scalar' ? undefined : 'put a value that starts with { or [ in quotes'
  return error('yaml-unsupported', `a key must be a string, but this one is ${found}`, { at, hint })
}

function closes(walk: Walk): boolean {
  if (walk.events[walk.next]?.type !== EVENT_ID.POP) return false
  walk.next++
  return true
}

function closed(walk: Walk, event: SequenceEvent | MappingEvent): Span {
  const { start, end } = collectionExtent(walk.source, event, walk.end)
  walk.end = end
  return spanBetween(walk.source, start, end)
}

function tagOf(walk: Walk, event: NodeEvent, kind: Tree['kind']): Tag {
  const at = spanBetween(walk.source, event.tagStart, event.tagEnd)
  const { tag, problem } = readTag(walk.source.text.slice(event.tagStart, event.tagEnd), kind, at)
  if (problem) walk.diagnostics.push(problem)
  return tag
}
