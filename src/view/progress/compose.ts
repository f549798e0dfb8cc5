import type { RunEvent } from '../../execute/event.ts'
import type { Facts, View } from '../contract.ts'
import { oneLine } from '../redact/visible.ts'
import { failuresText } from '../report/failure-report.ts'
import { problemsText } from '../report/problem.ts'
import { problemStyle } from '../report/style.ts'
import type { Terminal } from '../terminal.ts'
import { Board } from './board.ts'
import { type ComposeLine, ComposeWords } from './compose-words.ts'
import { outputLines, withoutPrinted } from './output-lines.ts'
import { sayingText } from './saying.ts'

/** Before each line of a dry run (docker/compose 5.5, cmd/display/dryrun.go). */
const DRY = ' DRY-RUN MODE - '

/** Milliseconds between two lines about the progress of one step. */
const PATIENCE = 5000

/** Prints the lines that `docker compose --progress plain` prints, and failures as the plain view does. */
export function composeView(terminal: Terminal, facts: Facts): View {
  let log: ComposeLog | undefined
  return {
    emit(event) {
      if (event.type === 'plan') log = new ComposeLog(event, terminal, facts)
      log?.apply(event)
    },
    problems: (diagnostics) => terminal.err.write(problemsText(diagnostics, problemStyle(terminal, facts))),
    say: (text) => terminal.err.write(sayingText(text, terminal.err)),
    beside: (print) => print(),
    async flush() {},
  }
}

class ComposeLog {
  readonly #board: Board
  readonly #words: ComposeWords
  /** When the last line about each resource was printed. */
  readonly #reported = new Map<string, number>()

  constructor(
    plan: Extract<RunEvent, { type: 'plan' }>,
    private readonly terminal: Terminal,
    private readonly facts: Facts,
  ) {
    this.#board = new Board(plan)
    this.#words = new ComposeWords(facts)
    terminal.err.write(problemsText(plan.notes, problemStyle(terminal, facts)))
  }

  apply(event: RunEvent): void {
    this.#board.apply(withoutPrinted(event, this.#board))
    if (event.type === 'step-output') this.#write(outputOf(event, this.#board))
    else for (const line of this.#words.linesOf(event)) this.#tell(line, event)
    const style = problemStyle(this.terminal, this.facts)
    if (event.type === 'step-warning') this.terminal.err.write(problemsText([event.problem], style))
    if (event.type === 'end') this.terminal.err.write(failuresText(this.#board, style))
  }

  #tell({ id, text, ...line }: ComposeLine, event: RunEvent): void {
    if (event.type === 'step-progress' && !this.#isDue(id, event)) return
    this.#reported.set(id, event.at)
    this.#write([[this.facts.isDryRun ? DRY : '', id, text, detailsOf(line)].join(' ')])
  }

  /** Builds print their output instead. */
  #isDue(id: string, event: RunEvent): boolean {
    return this.#words.stepOf(event)?.verb !== 'build' && event.at - (this.#reported.get(id) ?? event.at) >= PATIENCE
  }

  #write(lines: readonly string[]): void {
    this.terminal.err.write(lines.map((line) => `${oneLine(line)}\n`).join(''))
  }
}

function outputOf(event: Extract<RunEvent, { type: 'step-output' }>, board: Board): string[] {
  const row = board.step(event.step)
  return row ? outputLines(row, event) : []
}

/** The report after the run explains a failure. */
function detailsOf({ status, details = '', percent }: Pick<ComposeLine, 'status' | 'details' | 'percent'>): string {
  if (status === 'Error') return ''
  return percent === undefined ? details : `${details} ${percent}%`
}
