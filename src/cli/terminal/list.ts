import { clip, padEnd } from '../../view/width.ts'
import type { Choice } from '../host.ts'

/** Arrow keys, in the terminal's two modes, and the tab key. */
const MOVES = new Map([
  ['\u001b[A', -1],
  ['\u001bOA', -1],
  ['\u001b[B', 1],
  ['\u001bOB', 1],
  ['\t', 1],
])

const KEYS = 'arrows/letters move, space selects, enter'

const isLetter = (key: string) => /^[\p{L}\p{N}_-]$/u.test(key)

/** The state of a list: what is selected, and where the mark is. */
export class List {
  #at = 0
  /** The letters of a name that were typed one after the other. */
  #typed = ''
  readonly #chosen = new Set<string>()

  constructor(
    private readonly question: string,
    private readonly choices: readonly Choice[],
  ) {}

  /** The names that are chosen once the key completes the choice; none for a key that gives up. */
  press(key: string): string[] | undefined {
    const { choices } = this
    const by = MOVES.get(key)
    if (isLetter(key)) this.#find(key.toLowerCase())
    else this.#typed = ''
    if (by !== undefined) this.#move(by)
    else if (key === ' ') this.#toggle()
    else if (key === '\r' || key === '\n') {
      if (this.#chosen.size === 0) this.#toggle()
      return choices.map(({ name }) => name).filter((name) => this.#chosen.has(name))
    } else if (key === '\u001b' || key === '\u0004') return []
    return undefined
  }

  /** At most so many lines, with the marked item among them. */
  lines(columns: number, rows: number): string[] {
    const width = Math.max(...this.choices.map(({ name }) => name.length))
    const items = this.choices.map(({ name, about }, at) => {
      const mark = at === this.#at ? '>' : ' '
      return clip(`${mark} [${this.#chosen.has(name) ? 'x' : ' '}] ${padEnd(name, width)}   ${about}`, columns - 1)
    })
    const shown = Math.max(1, Math.min(items.length, rows - 1))
    const from = Math.min(Math.max(0, this.#at - shown + 1), items.length - shown)
    const enter = this.#chosen.size > 0 ? 'continues' : `takes ${this.choices[this.#at]?.name}`
    return [clip(`${this.question} (${KEYS} ${enter})`, columns - 1), ...items.slice(from, from + shown)]
  }

  #move(by: number): void {
    const { length } = this.choices
    this.#at = (this.#at + by + length) % length
  }

  /** Goes to the name that begins with the letters typed so far, or else to the next one that begins with this letter. */
  #find(letter: string): void {
    const { choices } = this
    const places = choices.map((_, at) => (this.#at + at) % choices.length)
    const beginning = (text: string, among: number[]) => among.find((at) => choices[at]?.name.startsWith(text))
    const further = this.#typed === '' ? undefined : beginning(this.#typed + letter, places)
    const found = further ?? beginning(letter, [...places.slice(1), this.#at])
    this.#typed = further === undefined ? letter : this.#typed + letter
    this.#at = found ?? this.#at
  }

  #toggle(): void {
    const { name } = this.choices[this.#at] ?? {}
    if (name === undefined) return
    if (!this.#chosen.delete(name)) this.#chosen.add(name)
  }
}
