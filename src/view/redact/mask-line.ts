import { disjoint, type Range } from '../../redact/ranges.ts'
import { rangesIn } from '../../redact/redact.ts'
import { secretRanges } from '../../redact/secret-ranges.ts'
import { MASK, type Sensitive } from '../../stack/sensitive.ts'

/** A source line without its secrets, and where an offset of the original line has gone. */
export interface MaskedLine {
  text: string
  offset(original: number): number
}

/**
 * Takes secrets out of a line before it is shown: known values, and values whose names suggest one (loading may have failed before values
 * were known).
 * @param above the keys that the line stands below, nearest first
 */
export function maskLine(line: string, sensitive: Sensitive, above: readonly string[] = []): MaskedLine {
  const ranges = disjoint([...rangesIn(line, sensitive), ...secretRanges(line, above)])
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
