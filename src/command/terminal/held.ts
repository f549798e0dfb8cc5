import type { Spoken } from '../../backend/session.ts'

const MOST_BYTES = 1024 * 1024

/**
 * What a program prints, taken from it as it comes, before somebody listens too, so that it need not wait; up to a limit.
 * An error is thrown where it happened: after all that came before.
 */
export function held(output: AsyncIterable<Spoken>): AsyncIterable<Spoken> {
  const chunks: Spoken[] = []
  let bytes = 0
  let end: { error?: unknown } | undefined
  const news = bell()
  const room = bell()
  const take = async () => {
    for await (const chunk of output) {
      chunks.push(chunk)
      bytes += chunk.payload.length
      news.ring()
      while (bytes > MOST_BYTES) await room.heard()
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
      } else if (!end) await news.heard()
      else if ('error' in end) throw end.error
      else return
    }
  }
  return given()
}

/** Who waits hears the next ring. */
function bell(): { ring(): void; heard(): Promise<void> } {
  let ring = () => {}
  return {
    ring: () => ring(),
    heard: () =>
      new Promise((resolve) => {
        ring = resolve
      }),
  }
}
