import type { RunEvent } from '../../execute/event.ts'
import type { Facts, View } from '../contract.ts'
import { paletteOf } from '../palette.ts'
import { problemsText } from '../report/problem.ts'
import { problemStyle } from '../report/style.ts'
import type { Terminal } from '../terminal.ts'
import { Board } from './board.ts'
import { closingText } from './closing.ts'
import { frame } from './frame.ts'
import { stateOf } from './groups.ts'
import type { FrameSize, ListRow } from './live-list.ts'
import { outputLines } from './output-lines.ts'
import { Painter } from './painter.ts'
import { sayingText } from './saying.ts'

/** A live list on a terminal: one line per group of steps, redrawn in place, which stays after the run. */
export function treeView(terminal: Terminal, facts: Facts): View {
  let run: LiveRun | undefined
  // The list may be that of another view, e.g. of a rebuild by `watch` below the logs of `up`.
  const { live = {} } = terminal.err
  const beside = (print: () => void) => (live.list ? live.list.above(print) : print())
  return {
    emit(event) {
      if (event.type !== 'plan') return run?.apply(event)
      run = new LiveRun(event, terminal, facts)
      live.list = run.painter
    },
    problems: (diagnostics) =>
      beside(() => terminal.err.write(problemsText(diagnostics, problemStyle(terminal, facts)))),
    say: (text) => beside(() => terminal.err.write(sayingText(text, terminal.err))),
    beside,
    flush: async () => run?.shown,
  }
}

/** One run: listr2 runs the list until the run ends, because some steps belong to no line; the board determines what is drawn. */
class LiveRun {
  /** Resolves once the last frame and the text below it are written. */
  readonly shown: Promise<void>
  readonly painter: Painter
  readonly #board: Board
  readonly #ended = settling()
  readonly #began: number

  constructor(
    plan: Extract<RunEvent, { type: 'plan' }>,
    private readonly terminal: Terminal,
    private readonly facts: Facts,
  ) {
    this.painter = new Painter(terminal.err)
    this.#board = new Board(plan)
    this.#began = terminal.clock.now() - plan.at
    terminal.err.write(problemsText(plan.notes, problemStyle(terminal, facts)))
    this.shown = this.#show()
  }

  apply(event: RunEvent): void {
    this.#board.apply(event)
    if (event.type === 'step-output') this.#print(event)
    if (event.type === 'end') this.#ended.resolve()
  }

  #print(event: Extract<RunEvent, { type: 'step-output' }>): void {
    const row = this.#board.step(event.step)
    // A build's newest line is in the list, and the lines of a failed step are in its report.
    if (row?.info.verb === 'build') return
    const title = this.#board.groupOf(event.step)?.title ?? ''
    const lines = row ? outputLines(row, event) : []
    this.painter.above(() => this.terminal.err.write(lines.map((line) => `${title} ${line}\n`).join('')))
  }

  async #show(): Promise<void> {
    if (this.#board.groups.length > 0) {
      const { liveList } = await import('./live-list.ts')
      await liveList(this.#rows(), this.painter, (size) => this.#frame(size))
    }
    await this.#ended.promise
    const style = problemStyle(this.terminal, this.facts)
    this.terminal.err.write(problemsText(this.#board.warnings, style) + closingText(this.#board, style))
  }

  #rows(): ListRow[] {
    return this.#board.groups.map((group) => ({
      title: group.title,
      settled: this.#ended.promise,
      failed: () => stateOf(group) === 'failed',
    }))
  }

  #frame(size: FrameSize): string[] {
    return frame(this.#board, {
      palette: paletteOf(this.terminal.err),
      columns: size.columns,
      rows: size.last ? Infinity : this.terminal.err.rows(),
      now: this.#board.end?.at ?? this.terminal.clock.now() - this.#began,
      tick: size.tick,
    })
  }
}

function settling(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
