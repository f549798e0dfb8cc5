import type { Output } from '../terminal.ts'
import { widthOf } from '../width.ts'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const DOWN = '\u001b[B'

/** Draws frames over each other. Each frame is a single write that overwrites lines without erasing them first, so nothing flickers. */
export class Painter {
  #drawn: string[] = []
  #stops = 0

  constructor(private readonly output: Output) {
    this.#stops = this.#stopsSoFar()
  }

  /** The maximum width of a line: some terminals erase the text just drawn when a line reaches the last column. */
  get columns(): number {
    return Math.max(10, this.output.columns() - 1)
  }

  paint(lines: readonly string[]): void {
    this.#notice()
    const start = this.#drawn.length === 0 ? HIDE_CURSOR : back(this.#rows())
    this.output.write(`${start}${drawing(lines)}${CLEAR_BELOW}`)
    this.#drawn = [...lines]
  }

  /** Calls `write`, which may print complete lines above the frame, on any output of the same terminal. */
  above(write: () => void): void {
    this.#notice()
    if (this.#drawn.length > 0) this.output.write(this.#erasing())
    write()
    if (this.#drawn.length > 0) this.output.write(drawing(this.#drawn))
  }

  /** Draws the final frame, which stays. */
  finish(lines: readonly string[]): void {
    this.paint(lines)
    this.output.write(SHOW_CURSOR)
    this.#drawn = []
  }

  /** After the process was stopped and continued, others may have written below the frame: a new frame starts below that. */
  #notice(): void {
    const stops = this.#stopsSoFar()
    if (stops !== this.#stops) this.#drawn = []
    this.#stops = stops
  }

  #stopsSoFar(): number {
    return this.output.stops?.() ?? 0
  }

  /** Erases line by line: some terminals move content erased from the top of the screen to its end into the scrollback. */
  #erasing(): string {
    const rows = this.#rows()
    return `${back(rows)}${`${CLEAR_LINE}${DOWN}`.repeat(rows)}${back(rows)}`
  }

  /** The rows of the last frame. A terminal that became narrower has wrapped its lines. */
  #rows(): number {
    const columns = this.output.columns()
    return this.#drawn.reduce((total, line) => total + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
  }
}

function drawing(lines: readonly string[]): string {
  return lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')
}

function back(rows: number): string {
  return rows > 0 ? `\r\u001b[${rows}A` : '\r'
}
