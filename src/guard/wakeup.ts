import type { Clock } from '../execute/step-context.ts'

/** Wakes one who waits; rung while nobody waits, the next one need not. */
export class Wakeup {
  #rung = false
  #wake = () => {}

  ring(): void {
    this.#rung = true
    this.#wake()
  }

  /** Until it is rung, until that time of the clock, or until the signal aborts, which rejects. */
  async heard(clock: Clock, signal: AbortSignal, until?: number): Promise<void> {
    const over = new AbortController()
    const given = AbortSignal.any([signal, over.signal])
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    const aborted = new Promise<never>((_, reject) => {
      given.addEventListener('abort', () => reject(given.reason), { once: true })
    })
    aborted.catch(() => undefined)
    if (this.#rung) this.#wake()
    const due = until === undefined ? [] : [clock.sleep(Math.max(0, until - clock.now()), given)]
    for (const each of due) each.catch(() => undefined)
    try {
      signal.throwIfAborted()
      await Promise.race([rung, aborted, ...due])
    } finally {
      over.abort()
      this.#rung = false
    }
  }
}
