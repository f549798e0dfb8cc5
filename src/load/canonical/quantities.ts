import { foreign } from '../../diagnostics/foreign.ts'
import { formatDuration, parseDuration, parseSize } from '../../stack/units.ts'
import type { ScalarNode } from '../../yaml/tree.ts'
import { quoted } from '../tree/excerpt.ts'
import { scalarLike, textOf } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** Engines use signed 64-bit numbers for bytes and nanoseconds. */
const MOST = 2 ** 63

/** A rule for a scalar; `read` throws Malformed. */
function quantity(read: (text: string, node: ScalarNode) => string | number): Rule {
  return (node, report) =>
    node.kind === 'scalar' ? checkedPart(node, report, () => scalarLike(read(textOf(node), node), node)) : node
}

/** `90s` becomes `1m30s`. */
export const duration = quantity((text) => {
  const nanoseconds = parseDuration(text)
  if (nanoseconds !== undefined && nanoseconds < MOST) return formatDuration(nanoseconds)
  if (nanoseconds !== undefined) throw new Malformed(`${quoted(text)} is longer than 292 years`, 'write e.g. 24h')
  const bare = /^\d+(\.\d+)?$/.test(text)
  throw new Malformed(
    `invalid duration ${quoted(text)}`,
    bare && text.length < 20
      ? `add a unit: ${foreign(text)}s, ${foreign(text)}m or ${foreign(text)}ms`
      : 'write e.g. 10s, 1m30s or 500ms',
  )
})

/** `64m` becomes `67108864`. A number, even a negative one, is taken as bytes. */
export const size = quantity((text, node) => {
  const bytes = typeof node.value === 'number' ? Math.trunc(node.value) : parseSize(text)
  if (bytes !== undefined && Math.abs(bytes) < MOST) return String(bytes)
  if (bytes !== undefined)
    throw new Malformed(`${quoted(text)} is larger than any engine supports`, 'write less than 8 EiB')
  throw new Malformed(`invalid size ${quoted(text)}`, 'write e.g. 512m, 1.5g or a number of bytes')
})

export const number = quantity((text) => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new Malformed(`invalid number ${quoted(text)}`, 'write e.g. 2 or 0.5')
})

/** Microseconds as digits; a duration with a unit is converted. */
export const microseconds = quantity((text) => {
  if (/^-?\d+$/.test(text)) return text
  const nanoseconds = parseDuration(text)
  if (nanoseconds !== undefined) return String(Math.round(nanoseconds / 1e3))
  throw new Malformed(`${quoted(text)} is neither a number of microseconds nor a duration`, 'write e.g. 50000 or 50ms')
})

/** A number of devices; `all` becomes -1. */
export const count = quantity((text) => {
  if (text === 'all') return -1
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new Malformed(`invalid count ${quoted(text)}`, 'write a number, or all')
})
