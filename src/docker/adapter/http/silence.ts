/** How long an engine may be silent. */
export interface Patience {
  /** Milliseconds; unlimited if absent. */
  limit?: number
  /** Whether the user set the limit: then it applies even to an engine that is merely busy. */
  strict: boolean
}

/**
 * The kind of answer to expect. `prompt`: arrives soon and complete. `slow`: may take long, as for a pull or a stop. `part`: the
 * rest of an answer that has begun and no longer depends on anything.
 */
export type Pace = 'prompt' | 'slow' | 'part'

export interface SilenceTimer {
  /** Something arrived: restarts the timer. */
  heard(): void
  stop(): void
}

/**
 * Gives up on an engine that is silent for too long. A busy engine still answers pings: it is given up only if the user set a limit,
 * or if it has already begun to answer. A slow call is never cut off while the engine is alive.
 */
export function listenFor(
  { limit, strict }: Patience,
  pace: Pace,
  isAlive: (signal: AbortSignal) => Promise<boolean>,
  giveUp: (limit: number) => void,
): SilenceTimer {
  if (limit === undefined) return { heard: () => undefined, stop: () => undefined }
  const asks = pace === 'slow' || (pace === 'prompt' && !strict)
  const silence = new Silence(limit, () => giveUp(limit), asks ? isAlive : undefined)
  return { heard: () => silence.begin(), stop: () => silence.end() }
}

class Silence {
  readonly #limit: number
  readonly #giveUp: () => void
  readonly #isAlive: ((signal: AbortSignal) => Promise<boolean>) | undefined
  #timer: NodeJS.Timeout | undefined
  #ping: AbortController | undefined

  constructor(limit: number, giveUp: () => void, isAlive?: (signal: AbortSignal) => Promise<boolean>) {
    this.#limit = limit
    this.#giveUp = giveUp
    this.#isAlive = isAlive
    this.begin()
  }

  begin(): void {
    this.end()
    if (this.#isAlive) this.#after(this.#limit / 2, () => void this.#ask())
    else this.#after(this.#limit, this.#giveUp)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#ping?.abort('over')
    this.#ping = undefined
  }

  /** Half of the limit is reserved for the ping. */
  async #ask(): Promise<void> {
    const ping = new AbortController()
    this.#ping = ping
    this.#after(this.#limit / 2, () => {
      this.end()
      this.#giveUp()
    })
    const alive = await this.#isAlive?.(ping.signal)
    if (alive && this.#ping === ping) this.begin()
  }

  /** The pending connection keeps the program alive; the timer does not. */
  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(then, ms).unref()
  }
}
