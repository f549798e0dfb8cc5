import { widthOf } from '../width.ts'

const LEAST = 10
const GAP = 3

/**
 * Lays out text like docker's tables. A tab ends a cell; cells in the same column of consecutive lines are as wide as the widest of
 * them, at least ten columns, with a gap of three. Text after a line's last tab belongs to no column.
 */
export function tabulated(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const columns = Math.max(...lines.map((cells) => cells.length)) - 1
  for (let column = 0; column < columns; column++) {
    for (const block of blocks(lines, column)) widen(block, column)
  }
  return lines.map((cells) => cells.join('')).join('\n')
}

/** The runs of consecutive lines that have a cell in a column. */
function blocks(lines: string[][], column: number): string[][][] {
  const found: string[][][] = []
  let inside = false
  for (const cells of lines) {
    const has = cells.length - 1 > column
    if (has && inside) found.at(-1)?.push(cells)
    else if (has) found.push([cells])
    inside = has
  }
  return found
}

function widen(block: string[][], column: number): void {
  const widths = block.map((cells) => widthOf(cells[column] ?? ''))
  const width = Math.max(LEAST, Math.max(...widths) + GAP)
  block.forEach((cells, index) => {
    cells[column] = (cells[column] ?? '') + ' '.repeat(width - (widths[index] ?? 0))
  })
}
