/**
 * CPU-bound work, such as loading a stack, that other work awaits. It starts on the first call of `begin` or `result`, so that calls
 * to the engine can be sent before.
 */
export class Preparation<P> {
  readonly #result: Promise<P>
  #begin: () => void = () => undefined

  constructor(work: () => Promise<P>) {
    this.#result = new Promise<void>((resolve) => {
      this.#begin = resolve
    }).then(work)
    this.#result.catch(() => undefined)
  }

  /** Starts, if it has not started yet. */
  begin(): void {
    this.#begin()
  }

  result(): Promise<P> {
    this.begin()
    return this.#result
  }

  /**
   * Runs work that awaits the preparation at some point. If the preparation fails, the signal aborts, and the preparation's error is
   * thrown rather than any other, even if the work fails first.
   */
  async during<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController()
    const running = work(AbortSignal.any([signal, over.signal]))
    const begin = () => this.begin()
    running.then(begin, begin)
    try {
      await this.#result
    } catch (thrown) {
      over.abort()
      await running.catch(() => undefined)
      throw thrown
    }
    return running
  }
}
