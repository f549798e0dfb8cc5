import type { Printed } from '../../../cli/show.ts'
import type { View } from '../../../view/contract.ts'

/** Collects lines that arrive at the same time and prints them together: a board below is redrawn after each write. */
export class Portion {
  beside: View['beside'] = (print) => print()
  #pieces: Printed[] = []

  constructor(private readonly output: (printed: Printed) => void) {}

  add({ stream, text }: Printed): void {
    if (this.#pieces.length === 0) queueMicrotask(() => this.print())
    const last = this.#pieces.at(-1)
    if (last?.stream === stream) last.text += text
    else this.#pieces.push({ stream, text })
  }

  print(): void {
    const pieces = this.#pieces
    this.#pieces = []
    if (pieces.length > 0) this.beside(() => pieces.forEach(this.output))
  }
}

export function leftOutText(lines: number, isAll: boolean, command: string): string {
  const count = new Intl.NumberFormat('en').format(lines)
  return `${isAll ? '' : 'More than '}${count} lines of the logs are left out; \`${command}\` shows them`
}
