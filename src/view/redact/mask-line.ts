import { disjoint } from '../../redact/ranges.ts'
import { rangesIn } from '../../redact/redact.ts'
import { secretRanges } from '../../redact/secret-ranges.ts'
import type { Range } from '../../stack/secret-shapes.ts'
import { MASK, type Sensitive } from '../../stack/sensitive.ts'

/** A source line with secrets masked, and a mapping of offsets from the original line. */
export interface MaskedLine {
  text: string
  /** Maps an offset; inside a mask, to its beginning. */
  offset(original: number): number
  /** Maps an offset; inside a mask, to its end. */
  end(original: number): number
}

/**
 * Masks secrets in a line before it is shown: known values, and values whose names suggest a secret (loading may have failed before
 * values were known).
 * @param context as for `secretRanges`
 */
export function maskLine(line: string, sensitive: Sensitive, ...context: (readonly string[])[]): MaskedLine {
  const ranges = disjoint([...rangesIn(line, sensitive), ...secretRanges(line, context[0], context[1])])
  let text = ''
  let from = 0
  for (const [start, end] of ranges) {
    text += line.slice(from, start) + MASK
    from = end
  }
  return {
    text: text + line.slice(from),
    offset: (original) => moved(original, ranges, 0),
    end: (original) => moved(original, ranges, MASK.length),
  }
}

/** @param inside the distance from the beginning of a mask for an offset inside it */
function moved(original: number, ranges: readonly Range[], inside: number): number {
  let shift = 0
  for (const [start, end] of ranges) {
    if (original <= start) break
    if (original < end) return start + shift + inside
    shift += MASK.length - (end - start)
  }
  return original + shift
}
