import type { Sensitive } from '../stack/sensitive.ts'
import { MASK } from './hide.ts'
import { type Range, secretRanges } from './secret-ranges.ts'

/** A source line without its secrets, and where an offset of the original line has gone. */
export interface MaskedLine {
  text: string
  offset(original: number): number
}

/**
 * Takes secrets out of a line that is about to be shown: known values, and what names tell (loading may have failed before values
 * were known).
 * @param above the keys that the line stands below, nearest first
 */
export function maskLine(line: string, sensitive: Sensitive, above: readonly string[] = []): MaskedLine {
  const ranges = disjoint([...knownValues(line, sensitive), ...secretRanges(line, above)])
  let text = ''
  let from = 0
  for (const [start, end] of ranges) {
    text += line.slice(from, start) + MASK
    from = end
  }
  return { text: text + line.slice(from), offset: (original) => moved(original, ranges) }
}

function moved(original: number, ranges: readonly Range[]): number {
  let shift = 0
  for (const [start, end] of ranges) {
    if (original <= start) break
    if (original < end) return start + shift
    shift += MASK.length - (end - start)
  }
  return original + shift
}

function knownValues(line: string, sensitive: Sensitive): Range[] {
  const values = [...sensitive.values].filter((value) => value.length >= MASK.length)
  return values.flatMap((value) => {
    const starts: Range[] = []
    for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + value.length))
      starts.push([at, at + value.length])
    return starts
  })
}

function disjoint(ranges: Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1])
  const merged: Range[] = []
  for (const [start, end] of sorted) {
    const last = merged.at(-1)
    if (last && start < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)]
    else merged.push([start, end])
  }
  return merged
}
