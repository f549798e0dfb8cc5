import type { Output } from '../../view/terminal.ts'
import { padEnd } from '../../view/width.ts'
import type { Choice, Console, Host } from '../host.ts'
import { List } from './list.ts'

interface Terminal {
  console: Pick<Console, 'keys'>
  output: Pick<Output, 'write' | 'columns' | 'rows' | 'isTTY'>
  ask: NonNullable<Host['ask']>
}

/**
 * Lets the user choose any number of items from a list. Resolves to their names in the list's order, empty if the user gives up.
 * Rejects when the signal aborts. Where single keys cannot be read, the answer is a line of names or numbers.
 */
export async function choose(
  { console, output, ask }: Terminal,
  { question, choices }: { question: string; choices: readonly Choice[] },
  signal: AbortSignal,
): Promise<string[]> {
  const list = new List(question, choices)
  const drawn = new Drawing(output)
  const draw = () => drawn.draw(list.lines(output.columns(), output.rows() - 1))
  const answer = answering()
  const pressed = (key: string) => {
    const done = list.press(key)
    if (done) answer.give(done)
    else draw()
  }
  const end = output.isTTY ? console.keys({ pressed, resumed: () => drawn.begin(draw) }) : undefined
  if (!end) return typed(ask, output, { question, choices, signal })
  const give = () => answer.fail(signal.reason)
  signal.addEventListener('abort', give, { once: true })
  try {
    draw()
    const names = await answer.given
    drawn.draw([`${question} ${names.join(' ')}`])
    return names
  } finally {
    signal.removeEventListener('abort', give)
    end()
  }
}

function answering() {
  let give: (names: string[]) => void = () => undefined
  let fail: (reason: unknown) => void = () => undefined
  const given = new Promise<string[]>((resolve, reject) => {
    give = resolve
    fail = reject
  })
  return { given, give, fail }
}

/** The list on the terminal: each drawing replaces the one before. */
class Drawing {
  #height = 0

  constructor(private readonly output: Terminal['output']) {}

  draw(lines: readonly string[]): void {
    const up = this.#height > 0 ? `\u001b[${this.#height}A\r` : ''
    this.output.write(`${up}\u001b[J${lines.map((line) => `${line}\n`).join('')}`)
    this.#height = lines.length
  }

  /** Draws below what others have printed. */
  begin(draw: () => void): void {
    this.#height = 0
    draw()
  }
}

/** The same as a question for a line. */
async function typed(
  ask: Terminal['ask'],
  output: Terminal['output'],
  { question, choices, signal }: { question: string; choices: readonly Choice[]; signal: AbortSignal },
): Promise<string[]> {
  const width = Math.max(...choices.map(({ name }) => name.length))
  for (const [at, { name, about }] of choices.entries())
    output.write(`${String(at + 1).padStart(2)}  ${padEnd(name, width)}   ${about}\n`)
  const answer = await ask(`${question} (names or numbers) `, signal)
  const words = answer.split(/[\s,]+/).filter((word) => word !== '')
  return words.map((word) => choices[Number(word) - 1]?.name ?? word)
}
