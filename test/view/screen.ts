import { clusters, clusterWidth } from '../../src/view/width.ts'

/**
 * A terminal with a width: what stands on it after everything that was written (ECMA-48: CR, LF, CUU, CUD, EL, ED, SGR, cursor). With a
 * height, its lines scroll, and what is erased from its top to its end goes to the scrollback, as in tmux.
 */
export class Screen {
  readonly #lines: string[][] = [[]]
  #top = 0
  #row = 0
  #col = 0
  cursor = true

  constructor(
    private readonly columns: number,
    private readonly rows = Number.POSITIVE_INFINITY,
  ) {}

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
    for (const part of text.split(/(\u001b\[[?\d;]*[a-zA-Z]|\r|\n)/)) this.#take(part)
  }

  /** The scrollback is part of it. */
  get text(): string {
    return this.#lines.map(textOf).join('\n')
  }

  /** What has scrolled out of sight. */
  get scrollback(): string[] {
    return this.#lines.slice(0, this.#top).map(textOf)
  }

  #take(part: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    const [, parameter = '', final = ''] = /^\u001b\[([?\d;]*)([a-zA-Z])$/.exec(part) ?? []
    if (part === '\n') this.#move(this.#row + 1, 0)
    else if (part === '\r') this.#col = 0
    else if (final === 'A') this.#row = Math.max(this.#top, this.#row - Number(parameter || 1))
    else if (final === 'B') this.#move(Math.min(this.#bottom, this.#row + Number(parameter || 1)), this.#col)
    else if (final === 'K') this.#line().length = Math.min(this.#line().length, this.#col)
    else if (final === 'J') this.#eraseBelow()
    else if (parameter === '?25') this.cursor = final === 'h'
    else if (final === '') for (const cluster of clusters(part)) this.#put(cluster)
  }

  #put(cluster: string): void {
    if (this.#col + clusterWidth(cluster) > this.columns) this.#move(this.#row + 1, 0)
    const line = this.#line()
    line[this.#col] = cluster
    for (let covered = 1; covered < clusterWidth(cluster); covered++) line[this.#col + covered] = ''
    this.#col += clusterWidth(cluster)
  }

  #move(row: number, col: number, top = row - this.rows + 1): void {
    this.#row = row
    this.#col = col
    while (this.#lines.length <= row) this.#lines.push([])
    this.#top = Math.max(this.#top, top)
  }

  get #bottom(): number {
    return this.#top + this.rows - 1
  }

  #eraseBelow(): void {
    const isWhole = this.#row === this.#top && this.#col === 0
    if (isWhole && this.rows < Number.POSITIVE_INFINITY) this.#move(this.#lines.length, 0, this.#lines.length)
    this.#line().length = Math.min(this.#line().length, this.#col)
    this.#lines.length = this.#row + 1
  }

  #line(): string[] {
    return this.#lines[this.#row] ?? []
  }
}

function textOf(line: string[]): string {
  return Array.from(line, (cell) => cell ?? ' ')
    .join('')
    .trimEnd()
}
