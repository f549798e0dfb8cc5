import type { Clock } from '../../run/scope.ts'

/** Milliseconds for which a line is held back, for earlier ones of other containers may still be on their way. */
const WINDOW = 100

/** Milliseconds between two releases, at least: a busy log is let out in portions. */
const PORTION = 10

interface Held<T> {
  time: string
  /** When it came. */
  at: number
  value: T
}

/**
 * Brings what comes from several sources into order of time: whatever comes within WINDOW after something later is put before it. Equal
 * times keep the order in which they came. Nothing is held for much longer than WINDOW.
 */
export class TimeOrder<T> {
  #held: Held<T>[] = []
  #waiting = false

  constructor(
    private readonly clock: Clock,
    private readonly release: (value: T) => void,
    private readonly signal: AbortSignal,
  ) {}

  put(time: string, value: T): void {
    this.#held.push({ time, at: this.clock.now(), value })
    if (!this.#waiting) void this.#wait()
  }

  /** Lets out all there is. */
  flush(): void {
    this.#letOut(() => true)
  }

  async #wait(): Promise<void> {
    this.#waiting = true
    for (let first = this.#held[0]; first; first = this.#held[0]) {
      const { clock, signal } = this
      await clock.sleep(Math.max(PORTION, first.at + WINDOW - clock.now()), signal).catch(() => undefined)
      if (signal.aborted) break
      this.#letOutDue(clock.now() - WINDOW)
    }
    this.#waiting = false
  }

  /** With what has been held for long enough goes everything that is earlier. */
  #letOutDue(before: number): void {
    const due = this.#held.filter(({ at }) => at <= before)
    const last = due.reduce((latest, { time }) => (time > latest ? time : latest), '')
    if (due.length > 0) this.#letOut(({ time }) => time <= last)
  }

  #letOut(chosen: (held: Held<T>) => boolean): void {
    const out = this.#held.filter(chosen)
    this.#held = this.#held.filter((each) => !chosen(each))
    out.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    for (const { value } of out) this.release(value)
  }
}
