import { oneLine } from './redact/visible.ts'
import { padEnd, widthOf } from './width.ts'

export const GAP = '   '

/**
 * Formats columns under headings, each but the last as wide as its widest cell, as `docker ps` does. Ends with a newline. The gap in front of an
 * empty last cell is kept: programs split lines at gaps, and count the cells.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], gap = GAP): string {
  const all = [headings, ...rows.map((row) => row.map(oneLine))]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  const lines = all.map((row) => {
    const cells = headings.map((_, column) => padEnd(row[column] ?? '', widths[column] ?? 0))
    return [...cells.slice(0, -1), row[headings.length - 1] ?? ''].join(gap)
  })
  return `${lines.join('\n')}\n`
}
