/** Wakes the one who waits. A ring while nobody waits ends the next wait at once. */
export class Wakeup {
  #rung = false
  #wake = () => {}

  readonly ring = (): void => {
    this.#rung = true
    this.#wake()
  }

  /** Until the next ring; rejects with the signal's reason once that aborts. */
  next(signal?: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const settle = (done: () => void) => {
        this.#wake = () => {}
        this.#rung = false
        signal?.removeEventListener('abort', onAbort)
        done()
      }
      const onAbort = () => settle(() => reject(signal?.reason))
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#wake = () => settle(resolve)
      if (this.#rung) this.#wake()
    })
  }
}

/** Whether the work went well; what it throws goes to the listener, and no further. */
export function quietly(work: () => void, onFailure: (failure: Error) => void = () => {}): boolean {
  try {
    work()
    return true
  } catch (thrown) {
    onFailure(thrown as Error)
    return false
  }
}

/**
 * Shares calls: one that is made while another is under way gets the result of the next, with all others that are made meanwhile. Every caller
 * sees what had happened when it asked.
 */
export function shared<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  let next: Promise<T> | undefined
  const start = () => {
    next = undefined
    const started = call().finally(() => {
      if (running === started) running = undefined
    })
    running = started
    return started
  }
  return () => {
    if (!running) return start()
    next ??= running.then(start, start)
    return next
  }
}
