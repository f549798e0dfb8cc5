import type { Board } from './board.ts'
import { counted, duration } from './time.ts'

/** The last line of a run: `lab: 7 steps done in 13.3 s`, `lab: nothing to do (3 containers running)`. */
export function summaryLine(board: Board): string {
  const { end, stack } = board
  if (!end) return `${stack}: ended early`
  // The event does not count failures of optional steps.
  const tolerated = end.ok ? board.failures.length : 0
  if (end.ok && end.done + tolerated === 0) return `${stack}: nothing to do${untouchedText(board)}`
  const time = `in ${duration(end.at)}`
  if (board.interrupted) return `${stack}: interrupted after ${duration(end.at)}, ${counted(end.done, 'step')} done`
  if (end.ok && tolerated === 0) return `${stack}: ${counted(end.done, 'step')} done ${time}`
  if (end.again) return `${stack}: ${counted(end.done, 'step')} done ${time}, planning again`
  const parts = [
    `${counted(end.done, 'step')} done`,
    end.failed + tolerated > 0 && `${end.failed + tolerated} failed`,
    end.skipped > 0 && `${end.skipped} skipped`,
  ]
  return `${stack}: ${parts.filter(Boolean).join(', ')} ${time}`
}

function untouchedText(board: Board): string {
  return board.untouched > 0 ? ` (${counted(board.untouched, 'container')} up to date)` : ''
}
