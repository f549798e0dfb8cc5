import type { Span } from '../../diagnostics/span.ts'
import type { Outline } from '../../stack/outline.ts'
import type { Sensitive } from '../../stack/sensitive.ts'
import { maskLine } from '../redact/mask-line.ts'
import { visible } from '../redact/visible.ts'
import { clusters, clusterWidth, widthOf } from '../width.ts'

export interface Snippet {
  /** The source line for display: tabs expanded, secrets masked, truncated to the width. */
  line: string
  /** Spaces and carets to print below it. */
  marks: string
}

/** No one reads longer lines. */
const LONGEST = 10_000

/** The first line of a span, with marks below the covered part. Undefined if the line does not exist. */
export function snippet(source: Outline, span: Span, columns: number, sensitive: Sensitive): Snippet | undefined {
  const raw = source.lines[span.line - 1]
  if (raw === undefined || raw.length > LONGEST) return undefined
  const masked = maskLine(raw, sensitive, source.keysAbove(span.line - 1), source.itemsAbove(span.line - 1))
  const endCol = span.endLine > span.line ? raw.trimEnd().length + 1 : span.endCol
  const from = masked.offset(Math.min(span.col - 1, raw.length))
  const to = Math.max(from, masked.end(Math.min(endCol - 1, raw.length)))
  const start = widthOf(shown(masked.text.slice(0, from)))
  const length = Math.max(1, widthOf(shown(masked.text.slice(from, to))))
  return cutAround(shown(masked.text).trimEnd(), start, length, columns)
}

const TAB = '    '

function shown(text: string): string {
  return visible(text.replaceAll('\t', TAB))
}

/** Keeps at least the start of the span visible, with some of the text before it. */
function cutAround(line: string, start: number, length: number, columns: number): Snippet {
  if (widthOf(line) <= columns) return { line, marks: marksAt(start, length, Math.max(columns, start + 1)) }
  const first = start + length < columns ? 0 : Math.max(0, start - Math.floor(columns / 3))
  const head = first > 0 ? '…' : ''
  const { text, skipped } = columnsOf(line, first, columns - head.length)
  return { line: head + text, marks: marksAt(start - skipped + head.length, length, columns) }
}

function marksAt(start: number, length: number, columns: number): string {
  return ' '.repeat(start) + '^'.repeat(Math.max(1, Math.min(length, columns - start)))
}

/** The characters of a line from a column on, as many as fit, and the number of columns skipped before them. */
function columnsOf(line: string, first: number, room: number): { text: string; skipped: number } {
  let skipped = 0
  let used = 0
  let text = ''
  const all = clusters(line)
  for (const [index, cluster] of all.entries()) {
    const width = clusterWidth(cluster)
    if (skipped < first) skipped += width
    else if (used + width > room - (index < all.length - 1 ? 1 : 0)) return { text: `${text}…`, skipped }
    else {
      text += cluster
      used += width
    }
  }
  return { text, skipped }
}
