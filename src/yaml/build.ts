import { type AliasEvent, EVENT_ID, type Event, type MappingEvent, SCALAR_STYLE, type SequenceEvent } from 'js-yaml'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { Anchors, type Built } from './alias.ts'
import { buildBareKey, isBare, notAKey, notText } from './build-key.ts'
import { buildScalar } from './build-scalar.ts'
import { collectionExtent } from './extent.ts'
import { type Source, spanBetween } from './lines.ts'
import { entriesOf, type Key, type Pair } from './mapping.ts'
import type { MapNode, Tree } from './tree.ts'
import { type NodeEvent, tagOf, UNUSABLE, type Walk } from './walk.ts'

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
