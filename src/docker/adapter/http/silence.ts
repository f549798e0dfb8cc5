/** How long an engine may be silent. */
export interface Patience {
  /** Milliseconds; absent: for ever. */
  limit?: number
  /** The user has set the limit: it holds for an engine that is only busy, too. */
  strict: boolean
}

/**
 * The kind of answer to expect. `prompt`: it arrives soon, and whole. `slow`: it takes its time, as those to a pull or a stop do.
 * `part`: more of an answer that has begun, and has nothing left to wait for.
 */
export type Pace = 'prompt' | 'slow' | 'part'

export interface Ear {
  /** Something arrived: restarts the timer. */
  heard(): void
  stop(): void
}

/**
 * Gives an engine up that is silent for too long. A busy engine still answers a ping: it is only given up where the user has set a limit,
 * or where it has begun to answer; what takes its time is never cut while the engine lives.
 */
export function listenFor(
  { limit, strict }: Patience,
  pace: Pace,
  isAlive: (signal: AbortSignal) => Promise<boolean>,
  giveUp: (limit: number) => void,
): Ear {
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

  /** Half of the limit is for the ping. */
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

  /** The connection that is waited for keeps the program alive, not the timer. */
  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(then, ms).unref()
  }
}
