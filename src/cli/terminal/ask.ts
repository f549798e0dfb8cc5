import { createInterface } from 'node:readline/promises'

/**
 * Asks a question and reads one line as the answer. The terminal stays in its normal mode: Ctrl-C interrupts, and Ctrl-D gives no
 * answer.
 */
export async function ask(
  { input, output }: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const lines = createInterface({ input, output, terminal: false })
  try {
    const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    const answer = await Promise.race([lines.question(question, { signal }), closed])
    if (answer === undefined) output.write('\n')
    return answer ?? ''
  } finally {
    lines.close()
  }
}
