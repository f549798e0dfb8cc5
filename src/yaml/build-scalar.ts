import { getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { Span } from '../diagnostics/span.ts'
import { scalarExtent } from './extent.ts'
import { spanBetween } from './lines.ts'
import { isDate, resolvePlain } from './scalars.ts'
import type { ScalarNode } from './tree.ts'
import { tagOf, UNUSABLE, type Walk } from './walk.ts'

export function buildScalar(walk: Walk, event: ScalarEvent): ScalarNode {
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
