/** Milliseconds. */
const FIRST = 1_000
const CAP = 60_000
/** After so long without trouble, the next is taken for a new one. */
const WELL = 60_000

interface Case {
  /** How often it was brought back. */
  tries: number
  /** When it was last. */
  at?: number
  /** Since when it has been healthy. */
  healthy?: number
  /** When the trouble that it has now was noticed. */
  noticed?: number
}

/** Milliseconds before the nth retry (0-based). */
export function delayBefore(tries: number): number {
  return tries === 0 ? 0 : Math.min(CAP, FIRST * 2 ** (tries - 1))
}

/** When each container is brought back: the first time at once, then each time after twice the delay. Times are of one clock. */
export class BackOff {
  readonly #cases = new Map<string, Case>()

  /** There is trouble with it. The result is when it may be brought back. */
  notice(key: string, now: number, unhealthy: boolean): number {
    const known = this.#cases.get(key) ?? { tries: 0 }
    if (known.noticed === undefined) {
      const well = unhealthy ? known.healthy : known.at
      if (well !== undefined && now - well >= WELL) known.tries = 0
      known.noticed = now
      this.#cases.set(key, known)
    }
    return known.noticed + delayBefore(known.tries)
  }

  /** Whether it has not been brought back in a while. */
  isFirst(key: string): boolean {
    return (this.#cases.get(key)?.tries ?? 0) === 0
  }

  /** It is being brought back. The result is how many times before. */
  tried(key: string, now: number): number {
    const tries = this.#cases.get(key)?.tries ?? 0
    this.#cases.set(key, { tries: tries + 1, at: now })
    return tries
  }

  healthy(key: string, now: number): void {
    const known = this.#cases.get(key)
    if (known) known.healthy ??= now
  }

  /** The trouble is over, or none of ours any more. */
  calm(key: string): void {
    const known = this.#cases.get(key)
    if (known) delete known.noticed
  }

  /** Somebody has started it: earlier problems do not count any more. */
  forget(key: string): void {
    this.#cases.delete(key)
  }
}
