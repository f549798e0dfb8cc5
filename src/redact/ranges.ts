import type { Range } from '../stack/secret-shapes.ts'
import { MASK } from '../stack/sensitive.ts'

/** Replaces each range by a mask. */
export function covered(text: string, ranges: readonly Range[]): string {
  let shown = ''
  let from = 0
  for (const [start, end] of disjoint(ranges)) {
    shown += text.slice(from, start) + MASK
    from = end
  }
  return shown + text.slice(from)
}

/** Sorts ranges, and joins overlapping ones. */
export function disjoint(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0] || b[1] - a[1])
  const merged: Range[] = []
  for (const [start, end] of sorted) {
    const last = merged.at(-1)
    if (last && start < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)]
    else merged.push([start, end])
  }
  return merged
}
