/** Milliseconds for which a line is held back at least and at most, for earlier ones of other containers may still be on their way. */
const LEAST = 100
export const MOST = 1000

/** Until more is known: whoever begins to follow has often just started what is followed, and the engine is at its busiest. */
const AT_FIRST = 300

/** Later than this is not late but old: a line of a log that is read from an earlier point. */
const OLD = 10_000

/** How long what was seen counts, in milliseconds: at least this long, and at most twice as long. */
const TERM = 10_000

interface Seen {
  /** The smallest difference between a line's coming and its time: what the two clocks differ by, and the way that all have to go. */
  leastLag: number
  /** How much later than that lines came, at most. */
  late: number
}

/** How late lines come, by the lines that came lately. The engine's clock may be set differently from ours, and may be set anew. */
export class ArrivalDelay {
  #since: number | undefined
  #now: Seen = { leastLag: Number.POSITIVE_INFINITY, late: AT_FIRST }
  #before: Seen = { leastLag: Number.POSITIVE_INFINITY, late: 0 }

  /** A line that was written at this time (RFC 3339) has come now (milliseconds). */
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
