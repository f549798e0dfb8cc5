import { COLLECTION_STYLE, type MappingEvent, SCALAR_STYLE, type ScalarEvent, type SequenceEvent } from 'js-yaml'
import { offsetOf, positionAt, type Source } from './lines.ts'

/** Offsets into the text; the end is exclusive. */
export interface Extent {
  start: number
  end: number
}

/** White space and comments; the second pattern includes the separator between a flow collection's last item and its bracket. */
const BLANK = /(?:\s|(?<=\s)#[^\r\n]*)*/
const SEPARATORS = /(?:[\s,:?]|(?<=\s)#[^\r\n]*)*/

/** A scalar as written, including quotes and block header. `before` is the end of the preceding node. */
export function scalarExtent(source: Source, event: ScalarEvent, before: number): Extent {
  if (event.valueStart < 0) return emptyExtent(source, event, before)
  switch (event.style) {
    case SCALAR_STYLE.PLAIN:
      return { start: event.valueStart, end: event.valueEnd }
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return { start: event.valueStart - 1, end: event.valueEnd + 1 }
    default: {
      const start = blockHeader(source, event, before)
      return { start, end: start + Math.max(1, source.text.slice(start, event.valueEnd).trimEnd().length) }
    }
  }
}

/** The extent of an empty value: its tag or anchor, or else the point after the `:` or `-`. */
function emptyExtent({ text }: Source, event: ScalarEvent, before: number): Extent {
  if (event.tagStart >= 0) return { start: event.tagStart, end: event.tagEnd }
  if (event.anchorStart >= 0) return { start: event.anchorStart - 1, end: event.anchorEnd }
  const separator = skip(BLANK, text, before)
  const point = /[:\-,?[{]/.test(text[separator] ?? '') ? separator + 1 : before
  return { start: point, end: point }
}

/** The position of a block scalar's `|` or `>`, on the line before its text. */
function blockHeader(source: Source, event: ScalarEvent, before: number): number {
  const { line, col } = positionAt(source, event.valueStart)
  const lineStart = offsetOf(source, col === 1 ? line - 1 : line, 1)
  const from = Math.max(lineStart, before, event.tagEnd, event.anchorEnd)
  const header = source.text.slice(from, event.valueStart).search(/[|>]/)
  return header < 0 ? from : from + header
}

/** A block collection ends with its last item, a flow collection with its bracket. */
export function collectionExtent({ text }: Source, event: SequenceEvent | MappingEvent, lastItem: number): Extent {
  const { start, style } = event
  const bracketed = style === COLLECTION_STYLE.FLOW && /[[{]/.test(text[start] ?? '')
  const end = bracketed ? skip(SEPARATORS, text, Math.max(lastItem, start + 1)) + 1 : lastItem
  return { start, end: Math.max(start, end) }
}

function skip(pattern: RegExp, text: string, from: number): number {
  const sticky = new RegExp(pattern, 'y')
  sticky.lastIndex = from
  return sticky.test(text) ? sticky.lastIndex : from
}
