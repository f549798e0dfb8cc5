import { clusters, clusterWidth } from '../../src/view/width.ts'

/** A terminal with a width: what stands on it after everything that was written (ECMA-48: CR, LF, CUU, EL, ED, SGR, cursor). */
export class Screen {
  readonly #lines: string[][] = [[]]
  #row = 0
  #col = 0
  cursor = true

  constructor(private readonly columns: number) {}

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with it
    for (const part of text.split(/(\u001b\[[?\d;]*[a-zA-Z]|\r|\n)/)) this.#take(part)
  }

  get text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
  }

  #take(part: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    const [, parameter = '', final = ''] = /^\u001b\[([?\d;]*)([a-zA-Z])$/.exec(part) ?? []
    if (part === '\n') this.#move(this.#row + 1, 0)
    else if (part === '\r') this.#col = 0
    else if (final === 'A') this.#row = Math.max(0, this.#row - Number(parameter || 1))
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

  #move(row: number, col: number): void {
    this.#row = row
    this.#col = col
    while (this.#lines.length <= row) this.#lines.push([])
  }

  #eraseBelow(): void {
    this.#line().length = Math.min(this.#line().length, this.#col)
    this.#lines.length = this.#row + 1
  }

  #line(): string[] {
    return this.#lines[this.#row] ?? []
  }
}
