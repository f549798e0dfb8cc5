import type { Spoken } from '../../../backend/session.ts'
import { Wakeup } from '../../../util/async.ts'

const MOST_BYTES = 1024 * 1024

/**
 * Reads a program's output as it arrives, up to a limit and even without a listener, so that the program does not block. Throws an
 * error in order, after all output that preceded it.
 */
export function buffered(output: AsyncIterable<Spoken>): AsyncIterable<Spoken> {
  const chunks: Spoken[] = []
  let bytes = 0
  let end: { error?: unknown } | undefined
  const news = new Wakeup()
  const room = new Wakeup()
  const take = async () => {
    for await (const chunk of output) {
      chunks.push(chunk)
      bytes += chunk.payload.length
      news.ring()
      while (bytes > MOST_BYTES) await room.next()
    }
  }
  take().then(
    () => finish({}),
    (error) => finish({ error }),
  )
  function finish(how: { error?: unknown }): void {
    end = how
    news.ring()
  }
  async function* given(): AsyncGenerator<Spoken> {
    for (;;) {
      const chunk = chunks.shift()
      if (chunk) {
        bytes -= chunk.payload.length
        room.ring()
        yield chunk
      } else if (!end) await news.next()
      else if ('error' in end) throw end.error
      else return
    }
  }
  return given()
}
