/** The minimum and maximum milliseconds for which a line is held back: earlier lines of other containers may still arrive. */
const LEAST = 100
export const MOST = 1000

/** The initial delay in milliseconds: following often starts right after the containers, when the engine is busiest. */
const AT_FIRST = 300

/** A line with a larger lag is not late but old: its log is being read from an earlier point. */
const OLD = 10_000

/** How long measurements count, in milliseconds: between one and two terms. */
const TERM = 10_000

interface Seen {
  /** The smallest difference between a line's arrival and its time: the clock difference plus the transport time. */
  leastLag: number
  /** The maximum lateness of a line relative to that. */
  late: number
}

/** Measures the lateness of lines. The engine's clock may differ from ours, and may be adjusted. */
export class ArrivalDelay {
  #since: number | undefined
  #now: Seen = { leastLag: Number.POSITIVE_INFINITY, late: AT_FIRST }
  #before: Seen = { leastLag: Number.POSITIVE_INFINITY, late: 0 }

  /** Records that a line with this time (RFC 3339) arrived now (milliseconds). */
  note(time: string, now: number): void {
    const lag = now - Date.parse(time)
    if (Number.isNaN(lag)) return
    this.#turn(now)
    this.#now.leastLag = Math.min(this.#now.leastLag, lag)
    const late = lag - Math.min(this.#now.leastLag, this.#before.leastLag)
    if (late < OLD) this.#now.late = Math.max(this.#now.late, late)
  }

  /** Milliseconds for which a line should be held back. */
  window(now: number): number {
    this.#turn(now)
    return Math.min(MOST, Math.max(LEAST, this.#now.late, this.#before.late))
  }

  #turn(now: number): void {
    this.#since ??= now
    if (now - this.#since < TERM) return
    const isStale = now - this.#since >= 2 * TERM
    this.#before = isStale ? nothing() : this.#now
    this.#now = nothing()
    this.#since = now
  }
}

function nothing(): Seen {
  return { leastLag: Number.POSITIVE_INFINITY, late: 0 }
}
