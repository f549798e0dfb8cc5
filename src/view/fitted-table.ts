import { oneLine } from './redact/visible.ts'
import { GAP, table } from './table.ts'
import { clip, widthOf } from './width.ts'

/** A column that may be cut down to a readable width, or left out, by its heading. */
export type Loss = readonly [how: 'cut' | 'drop', heading: string]

/** The width in terminal columns, and what is lost on a narrower one, the first loss first. */
export interface Fit {
  columns: number
  losses: readonly Loss[]
}

interface Column {
  heading: string
  cells: string[]
  /** Of the widest cell. */
  natural: number
  width: number
}

/** A readable width. */
const LEAST = 12
const NARROW_GAP = '  '

/**
 * Formats a table so that no line is wider than the terminal. If it is too wide, the gaps narrow first; then the losses apply in
 * order until it fits, then all other columns from the right. The column that identifies a row, the first that no loss drops, is only
 * cut if it does not fit alone. A dropped column returns if the others had to be cut nevertheless, and leave room for it.
 */
export function fittedTable(headings: readonly string[], rows: readonly (readonly string[])[], fit: Fit): string {
  const whole = headings.map((heading, at) =>
    columnOf(
      heading,
      rows.map((row) => oneLine(row[at] ?? '')),
    ),
  )
  if (total(whole, GAP) <= fit.columns) return textOf(whole, GAP)
  let left = whole
  for (const loss of allLosses(headings, fit.losses)) {
    if (total(left, NARROW_GAP) <= fit.columns) break
    left = after(left, loss)
  }
  return textOf(widened(returned(left, whole, fit), fit.columns), NARROW_GAP)
}

/** If even what no loss names had to be cut, the last dropped columns return, cut, as long as there is room for them. */
function returned(left: readonly Column[], whole: readonly Column[], { columns, losses }: Fit): readonly Column[] {
  const named = new Set(losses.map(([, heading]) => heading))
  if (!left.some(({ heading, width, natural }) => width < natural && !named.has(heading))) return left
  let all = left
  for (const [how, lost] of losses.toReversed()) {
    if (how !== 'drop' || all.some(({ heading }) => heading === lost)) continue
    const more = whole.flatMap((column) => {
      const kept = all.find(({ heading }) => heading === column.heading)
      return kept ?? (column.heading === lost ? { ...column, width: leastOf(column) } : [])
    })
    if (total(more, NARROW_GAP) <= columns) all = more
  }
  return all
}

function columnOf(heading: string, cells: string[]): Column {
  const natural = Math.max(widthOf(heading), ...cells.map(widthOf))
  return { heading, cells, natural, width: natural }
}

function total(columns: readonly Column[], gap: string): number {
  return columns.reduce((sum, { width }) => sum + width + gap.length, -gap.length)
}

/** The given losses, then those of the other columns. */
function allLosses(headings: readonly string[], given: readonly Loss[]): Loss[] {
  const dropped = new Set(given.flatMap(([how, heading]) => (how === 'drop' ? [heading] : [])))
  const identifying = headings.find((heading) => !dropped.has(heading))
  const others = headings.filter((heading) => heading !== identifying && !dropped.has(heading)).reverse()
  const further = (['cut', 'drop'] as const).flatMap((how) => others.map((heading): Loss => [how, heading]))
  return [...given.filter(([, heading]) => heading !== identifying), ...further]
}

function after(columns: Column[], [how, lost]: Loss): Column[] {
  if (how === 'drop') return columns.filter(({ heading }) => heading !== lost)
  return columns.map((column) => (column.heading === lost ? { ...column, width: leastOf(column) } : column))
}

function leastOf({ heading, natural }: Column): number {
  return Math.min(natural, Math.max(widthOf(heading), LEAST))
}

/** Gives what is left of the terminal to the columns that were cut, the rightmost first. Cuts a column that is too wide alone. */
function widened(columns: readonly Column[], available: number): Column[] {
  let spare = available - total(columns, NARROW_GAP)
  const widths = columns.toReversed().map(({ natural, width }) => {
    const more = Math.min(spare, natural - width)
    spare -= more
    return width + more
  })
  return columns.map((column, at) => ({ ...column, width: widths.at(-1 - at) ?? column.width }))
}

function textOf(columns: readonly Column[], gap: string): string {
  const headings = columns.map(({ heading, width }) => clip(heading, width))
  const rows = (columns[0]?.cells ?? []).map((_, row) =>
    columns.map(({ cells, width }) => clip(cells[row] ?? '', width)),
  )
  return table(headings, rows, gap)
}
