/** Wakes a waiter. If nobody waits, a ring ends the next wait at once. */
export class Wakeup {
  #rung = false
  #wake = () => {}

  readonly ring = (): void => {
    this.#rung = true
    this.#wake()
  }

  /** Waits until the next ring; rejects with the signal's reason when that aborts. */
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

/** Runs the work, passes an exception to the listener instead of throwing it, and returns whether the work succeeded. */
export function quietly(work: () => void, onFailure: (failure: Error) => void = () => {}): boolean {
  try {
    work()
    return true
  } catch (thrown) {
    onFailure(thrown as Error)
    return false
  }
}

/** Coalesces calls: those made while one is running share the next run. The result thus never predates the call. */
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
