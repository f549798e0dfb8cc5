import { prose } from '../prose.ts'
import { failuresText } from '../report/failure-report.ts'
import type { ProblemStyle } from '../report/problem.ts'
import type { Board } from './board.ts'
import { summaryLine } from './summary.ts'

/** The text after a run: failure reports, then a summary line. */
export function closingText(board: Board, style: ProblemStyle): string {
  const { palette, wrapAt } = style
  const failures = failuresText(board, style)
  const { ok, again } = board.end ?? {}
  const colour = ok ? palette.green : again ? palette.yellow : palette.red
  return `${failures && `\n${failures}\n`}${colour(prose(summaryLine(board), { columns: wrapAt, indent: 2 }))}\n`
}
