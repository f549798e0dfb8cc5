import { getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { scalarExtent } from './extent.ts'
import { spanBetween } from './lines.ts'
import type { Key } from './mapping.ts'
import { resolvePlain } from './scalars.ts'
import type { Tree } from './tree.ts'
import type { Walk } from './walk.ts'

/** Whether a key is plain text without a tag or an anchor, as nearly all keys are. */
export function isBare({ valueStart, valueEnd, tagStart, anchorStart, style }: ScalarEvent): boolean {
  return valueStart >= 0 && tagStart < 0 && anchorStart < 0 && (valueStart < valueEnd || style !== SCALAR_STYLE.PLAIN)
}

export function buildBareKey(walk: Walk, event: ScalarEvent): Key {
  const { start, end } = scalarExtent(walk.source, event, walk.end)
  walk.next++
  walk.end = end
  const name = getScalarValue(walk.source.text, event)
  const at = spanBetween(walk.source, start, end)
  const plain = event.style === SCALAR_STYLE.PLAIN
  if (plain && typeof resolvePlain(name) !== 'string') walk.diagnostics.push(notText(name, at))
  return { name, at, merges: plain && name === '<<' }
}

export function notText(name: string, at: Span): Diagnostic {
  const found = resolvePlain(name) === null ? 'null' : `the ${typeof resolvePlain(name)} ${name}`
  const pair = /^\d+$/.test(name) ? `; write a pair of ports as one string: "${name}:80"` : ''
  return error('yaml-unsupported', `a key must be a string, but this one is ${found}`, {
    at,
    hint: `put it in quotes: "${name}"${pair}`,
  })
}

export function notAKey({ kind, at }: Tree): Diagnostic {
  const found = kind === 'scalar' ? 'missing' : kind === 'map' ? 'a mapping' : 'a list'
  const hint = kind === 'scalar' ? undefined : 'put a value that starts with { or [ in quotes'
  return error('yaml-unsupported', `a key must be a string, but this one is ${found}`, { at, hint })
}
