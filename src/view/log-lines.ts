import { type Palette, serviceColours } from './palette.ts'
import { oneLine } from './redact/visible.ts'
import { padEnd, widthOf } from './width.ts'

const ESCAPE = '\u001b['
const RESET = '\u001b[0m'

export interface LogStyle {
  /** Whether each line starts with a prefix such as `web-1  | `. */
  prefix: boolean
  timestamps: boolean
}

/** Formats the log lines of several containers: a common prefix width, and one colour for each service, in order of appearance. */
export class LogPrinter {
  readonly #colours: ((text: string) => string)[]
  readonly #coloured: boolean
  readonly #given = new Map<string, (text: string) => string>()
  #width = 0

  constructor(
    private readonly style: LogStyle,
    palette: Palette,
    names: readonly string[] = [],
  ) {
    this.#colours = serviceColours(palette)
    this.#coloured = palette.level > 0
    for (const name of names) this.#colourOf(name)
  }

  /** Registers a container, to reserve its colour and its prefix width. */
  meet(name: string): void {
    this.#colourOf(name)
  }

  /** Formats a line, including its newline. */
  line(name: string, text: string, time?: string): string {
    const stamp = this.style.timestamps && time ? `${time} ` : ''
    return `${this.#prefix(name)}${stamp}${text}${this.#afterColours(text)}\n`
  }

  /** A remark of our own, such as `web-1 exited with code 0`. */
  remark(name: string, text: string): string {
    return `${this.#colourOf(name)(oneLine(`${name} ${text}`))}\n`
  }

  /** Resets colours that a line leaves on, which would affect the following text. */
  #afterColours(text: string): string {
    return this.#coloured && text.includes(ESCAPE) ? RESET : ''
  }

  #prefix(name: string): string {
    if (!this.style.prefix) return ''
    const colour = this.#colourOf(name)
    return `${colour(`${padEnd(oneLine(name), this.#width)}  |`)} `
  }

  #colourOf(name: string): (text: string) => string {
    this.#width = Math.max(this.#width, widthOf(oneLine(name)))
    const service = name.replace(/-\d+$/, '')
    const given = this.#given.get(service) ?? this.#colours[this.#given.size % this.#colours.length] ?? String
    this.#given.set(service, given)
    return given
  }
}
