/** Milliseconds: the shortest delay and the longest one. */
const FIRST = 1_000
const CAP = 60_000
/** After this many milliseconds without a problem, the next one counts as new. */
const WELL = 60_000

interface Case {
  /** The number of restarts. */
  tries: number
  /** The time of the last restart. */
  at?: number
  /** Since when it has been healthy. */
  healthy?: number
  /** When its current problem was noticed. */
  noticed?: number
}

/** Milliseconds before the nth retry (0-based). */
export function delayBefore(tries: number): number {
  return tries === 0 ? 0 : Math.min(CAP, FIRST * 2 ** (tries - 1))
}

/**
 * Schedules the restarts of each container: the first at once, each further one after twice the delay. Times are milliseconds of a
 * single clock.
 */
export class BackOff {
  readonly #cases = new Map<string, Case>()

  /** Records a problem. Returns the time at which the container may be restarted. */
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

  /** Whether it has not been restarted for a while. */
  isFirst(key: string): boolean {
    return (this.#cases.get(key)?.tries ?? 0) === 0
  }

  /** Records a restart. Returns the number of previous ones. */
  tried(key: string, now: number): number {
    const tries = this.#cases.get(key)?.tries ?? 0
    this.#cases.set(key, { tries: tries + 1, at: now })
    return tries
  }

  healthy(key: string, now: number): void {
    const known = this.#cases.get(key)
    if (known) known.healthy ??= now
  }

  /** Records that the problem is over, or is no longer the guard's concern. */
  calm(key: string): void {
    const known = this.#cases.get(key)
    if (known) delete known.noticed
  }

  /** Forgets earlier problems, because someone else has started the container. */
  forget(key: string): void {
    this.#cases.delete(key)
  }
}
