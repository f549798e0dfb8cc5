import type { Output } from '../terminal.ts'
import { widthOf } from '../width.ts'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const DOWN = '\u001b[B'

/** Draws frames over each other. Lines are overwritten, never erased first, and each frame is one write: nothing flickers. */
export class Painter {
  #drawn: string[] = []
  #stops = 0

  constructor(private readonly output: Output) {
    this.#stops = this.#stopsSoFar()
  }

  /** The widest that a line may be: in the last column some terminals erase what they have just drawn. */
  get columns(): number {
    return Math.max(10, this.output.columns() - 1)
  }

  paint(lines: readonly string[]): void {
    this.#notice()
    const start = this.#drawn.length === 0 ? HIDE_CURSOR : back(this.#rows())
    this.output.write(`${start}${drawing(lines)}${CLEAR_BELOW}`)
    this.#drawn = [...lines]
  }

  /** Lets something else be written above the frame: whole lines, on whatever output leads to the same terminal. */
  above(write: () => void): void {
    this.#notice()
    if (this.#drawn.length > 0) this.output.write(this.#erasing())
    write()
    if (this.#drawn.length > 0) this.output.write(drawing(this.#drawn))
  }

  /** The last frame, which stays. */
  finish(lines: readonly string[]): void {
    this.paint(lines)
    this.output.write(SHOW_CURSOR)
    this.#drawn = []
  }

  /** A stopped process that goes on finds its frame above what others have written since: another frame starts below that. */
  #notice(): void {
    const stops = this.#stopsSoFar()
    if (stops !== this.#stops) this.#drawn = []
    this.#stops = stops
  }

  #stopsSoFar(): number {
    return this.output.stops?.() ?? 0
  }

  /** Line by line: what is erased from the top of the screen to its end is kept in the scrollback of some terminals. */
  #erasing(): string {
    const rows = this.#rows()
    return `${back(rows)}${`${CLEAR_LINE}${DOWN}`.repeat(rows)}${back(rows)}`
  }

  /** Of the last frame. A terminal made narrower since then has wrapped its lines. */
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
