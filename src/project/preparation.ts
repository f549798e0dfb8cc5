/**
 * Work that other work waits for, and that keeps the processor busy, such as reading a stack. It starts when `begin` or `result` is
 * called, so that calls to the engine can be sent before.
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

  /** Begins, unless it has begun. */
  begin(): void {
    this.#begin()
  }

  result(): Promise<P> {
    this.begin()
    return this.#result
  }

  /**
   * Runs work that awaits the preparation on its way. If the preparation fails, the signal aborts, and its failure is thrown rather than
   * any other; also if the work fails before it got that far.
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
