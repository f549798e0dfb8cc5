import type { Output } from '../../view/terminal.ts'

const ERASE = '\r\u001b[2K'

/** Escape sequences at the end of a text that leave the cursor where it is: erasing, modes, colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with the control character
const STAYING = /(?:\u001b\[[?\d;]*[JKhlm])+$/

interface Outputs {
  out: Output
  err: Output
}

/**
 * The outputs of a terminal with a line below everything that is printed: `footer` sets it, or removes it. It is erased before each
 * text and drawn again after it, so that it never becomes part of what scrolls by. The outputs share the live list, too.
 */
export function withFooter({ out, err }: Outputs): Outputs {
  const footer = new Footer()
  const live: Output['live'] = {}
  const on = (output: Output): Output => {
    if (!output.isTTY) return output
    return {
      ...output,
      live,
      write: (text) => output.write(footer.around(text, output.columns())),
      footer: (line) => output.write(footer.change(line, output.columns())),
    }
  }
  return { out: on(out), err: on(err) }
}

type Line = NonNullable<Parameters<NonNullable<Output['footer']>>[0]>

class Footer {
  #line: Line | undefined
  #isDrawn = false

  /** What to write in order to print a text. */
  around(text: string, columns: number): string {
    if (this.#line === undefined) return text
    const before = this.#isDrawn ? ERASE : ''
    // In the middle of a line, there is no place for it.
    const shown = text.replace(STAYING, '')
    if (shown !== '') this.#isDrawn = shown.endsWith('\n')
    return `${before}${text}${this.#isDrawn ? this.#line(columns) : ''}`
  }

  change(line: Line | undefined, columns: number): string {
    const before = this.#isDrawn ? ERASE : ''
    this.#line = line
    this.#isDrawn = line !== undefined
    return `${before}${line?.(columns) ?? ''}`
  }
}
