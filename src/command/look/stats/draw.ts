import type { Context } from '../../../cli/context.ts'
import { widthFor, wordsFor } from '../../../cli/show.ts'
import { fittedTable } from '../../../view/fitted-table.ts'
import { oneLine } from '../../../view/redact/visible.ts'
import { table } from '../../../view/table.ts'
import type { RowFormat } from '../../../view/template/row-format.ts'
import type { Row } from '../../../view/template/value.ts'
import { clip } from '../../../view/width.ts'
import { STATS_COLUMNS, STATS_LIST, STATS_LOSSES } from './row.ts'

const CLEAR = '\u001b[2J'
const HOME = '\u001b[H'
const REST_OF_LINE = '\u001b[K'
const REST_OF_SCREEN = '\u001b[J'

/** As wide as the terminal at most; whole if ids are not shortened. */
export function statsText(context: Context, rows: readonly Row[], { format, whole }: Shape): string {
  if (format) return format.text(rows)
  const headings = STATS_COLUMNS.map((column) => STATS_LIST.headings[column] ?? '')
  const cells = rows.map(({ fields }) => STATS_COLUMNS.map((column) => oneLine(String(fields[column]))))
  const fit = { columns: widthFor(context), losses: STATS_LOSSES }
  return wordsFor(context, whole ? table(headings, cells) : fittedTable(headings, cells, fit))
}

interface Shape {
  format?: RowFormat | undefined
  whole: boolean
}

/** On a terminal, each frame overwrites the previous one as far as it fits; elsewhere, frames follow each other. */
export function drawn({ terminal: { out } }: Context, text: string, isFirst: boolean): string {
  if (!out.isTTY) return text
  const lines = text
    .trimEnd()
    .split('\n')
    .slice(0, Math.max(1, out.rows() - 1))
  const shown = lines.map((line) => `${clip(line, out.columns())}${REST_OF_LINE}\n`).join('')
  return `${isFirst ? CLEAR : ''}${HOME}${shown}${REST_OF_SCREEN}`
}
