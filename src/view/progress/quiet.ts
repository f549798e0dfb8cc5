import { isError } from '../../diagnostics/diagnostic.ts'
import type { Facts, View } from '../contract.ts'
import { failuresText } from '../report/failure-report.ts'
import { problemsText } from '../report/problem.ts'
import { problemStyle } from '../report/style.ts'
import type { Terminal } from '../terminal.ts'
import { Board } from './board.ts'

/** Prints only failures. */
export function quietView(terminal: Terminal, facts: Facts): View {
  let board: Board | undefined
  const storyOf = (ended: Board, ok: boolean) => {
    const style = problemStyle(terminal, facts)
    return (ok ? '' : problemsText(ended.warnings, style)) + failuresText(ended, style)
  }
  return {
    emit(event) {
      if (event.type === 'plan') board = new Board(event)
      else board?.apply(event)
      if (event.type === 'end' && board) terminal.err.write(storyOf(board, event.ok))
    },
    problems(diagnostics) {
      terminal.err.write(problemsText(diagnostics.filter(isError), problemStyle(terminal, facts)))
    },
    say() {},
    beside: (print) => print(),
    async flush() {},
  }
}
