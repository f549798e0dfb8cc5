import { createInterface } from 'node:readline/promises'
import { prose } from '../../view/prose.ts'
import { type Output, wrapAt } from '../../view/terminal.ts'

interface Streams {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
  /** Of the terminal on which the question stands. */
  size: Pick<Output, 'isTTY' | 'columns'>
}

/**
 * Asks a question and reads one line as the answer. The terminal stays in its normal mode: Ctrl-C interrupts, and Ctrl-D gives no
 * answer.
 */
export async function ask({ input, output, size }: Streams, question: string, signal: AbortSignal): Promise<string> {
  const text = prose(question, { columns: wrapAt(size) })
  const lines = createInterface({ input, output, terminal: false })
  try {
    const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    const answer = await Promise.race([lines.question(text, { signal }), closed])
    if (answer === undefined) output.write('\n')
    return answer ?? ''
  } finally {
    lines.close()
  }
}
