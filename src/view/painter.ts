import type { Output } from './terminal.ts'
import { widthOf } from './width.ts'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

/** Draws frames over each other. Lines are overwritten, never erased first, and each frame is one write: nothing flickers. */
export class Painter {
  #drawn: string[] = []

  constructor(private readonly output: Output) {}

  /** The widest that a line may be: in the last column some terminals erase what they have just drawn. */
  get columns(): number {
    return Math.max(10, this.output.columns() - 1)
  }

  paint(lines: readonly string[]): void {
    const start = this.#drawn.length === 0 ? HIDE_CURSOR : this.#back()
    this.output.write(`${start}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`)
    this.#drawn = [...lines]
  }

  /** Lets something else be written above the frame: whole lines, on whatever output leads to the same terminal. */
  above(write: () => void): void {
    if (this.#drawn.length > 0) this.output.write(`${this.#back()}${CLEAR_BELOW}`)
    write()
    this.output.write(this.#drawn.map((line) => `${line}${CLEAR_LINE}\n`).join(''))
  }

  /** The last frame, which stays. */
  finish(lines: readonly string[]): void {
    this.paint(lines)
    this.output.write(SHOW_CURSOR)
    this.#drawn = []
  }

  /** To the start of the last frame. A terminal made narrower since then has wrapped its lines. */
  #back(): string {
    const columns = this.output.columns()
    const rows = this.#drawn.reduce((total, line) => total + Math.max(1, Math.ceil(widthOf(line) / columns)), 0)
    return `\r\u001b[${rows}A`
  }
}
