import { foreign } from '../../diagnostics/foreign.ts'
import { cut, quoted } from '../tree/excerpt.ts'
import { Malformed } from './malformed.ts'

export interface PortRange {
  first: number
  /** Inclusive. */
  last: number
}

type Side = 'host' | 'container'

/** Parses `80` or `8000-8010`. Host port 0 lets the engine choose. Throws Malformed. */
export function portRange(text: string, side: Side): PortRange {
  const range = readRange(text, side)
  if (range instanceof Malformed) throw range
  return range
}

/** Does the same, but returns the problem instead of throwing it. */
export function readRange(text: string, side: Side): PortRange | Malformed {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (from === undefined)
    return new Malformed(`invalid ${side} port ${quoted(text)}`, 'write a number, or a range such as 8000-8010')
  const range = { first: Number(from), last: Number(to ?? from) }
  if (range.first < (side === 'host' ? 0 : 1) || Math.max(range.first, range.last) > 65535) {
    return new Malformed(`the ${side} port ${foreign(cut(text))} is out of range`, 'ports range from 1 to 65535')
  }
  if (range.last < range.first)
    return new Malformed(`the ${side} port range ${foreign(text)} is reversed`, `write ${foreign(`${to}-${from}`)}`)
  return range
}

export function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`
}
