import type { Clock } from '../execute/step-context.ts'
import { ArrivalDelay, MOST } from './delay.ts'

/** Minimum milliseconds between two releases: a busy log is released in portions. */
const PORTION = 10

/** Milliseconds in which pending input is read. */
const TURN = 1

/** Milliseconds between checks whether expected input has arrived. */
const GLANCE = 50

interface Held<T> {
  time: string
  /** The time of its arrival. */
  at: number
  value: T
}

/**
 * Sorts values from several sources by time: a late value goes before later ones that are still held back. Everything is held for as
 * long as recent lines were late, or while a source is being opened. Equal times keep the order of arrival.
 */
export class ReorderBuffer<T> {
  #held: Held<T>[] = []
  #waiting = false
  readonly #delay = new ArrivalDelay()
  /** When each source without an answer yet was asked. */
  readonly #expected = new Set<{ since: number }>()

  constructor(
    private readonly clock: Clock,
    private readonly release: (value: T) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Adds a value that was written at a time (RFC 3339). */
  put(time: string, value: T): void {
    this.#delay.note(time, this.clock.now())
    this.putAfter(time, value)
  }

  /** Adds a value without a time, after the values of the same time. */
  putAfter(time: string, value: T): void {
    this.#held.push({ time, at: this.clock.now(), value })
    if (!this.#waiting) void this.#wait()
  }

  /**
   * Announces another source, which may deliver values from before its answer.
   * @returns call it once the source has answered; the wait for it is short in any case
   */
  expect(): () => void {
    const asked = { since: this.clock.now() }
    this.#expected.add(asked)
    return () => void this.#expected.delete(asked)
  }

  /** Releases everything. */
  flush(): void {
    this.#letOut(() => true)
  }

  async #wait(): Promise<void> {
    this.#waiting = true
    for (let first = this.#held[0]; first; first = this.#held[0]) {
      const { clock, signal } = this
      const wanted = Math.max(clock.now() + PORTION, first.at + this.#window())
      const due = this.#expected.size > 0 ? Math.min(wanted, clock.now() + GLANCE) : wanted
      await clock.sleep(due - clock.now(), signal).catch(() => undefined)
      if (signal.aborted) break
      // Pending input is read in this pause; after a late wake-up there may be much of it.
      await clock.sleep(clock.now() - due > PORTION ? PORTION : TURN, signal).catch(() => undefined)
      this.#letOutDue(clock.now() - this.#window())
    }
    this.#waiting = false
  }

  #window(): number {
    const now = this.clock.now()
    for (const asked of this.#expected) if (now - asked.since >= MOST) this.#expected.delete(asked)
    return this.#expected.size > 0 ? MOST : this.#delay.window(now)
  }

  /** Releases the values that were held long enough, with all earlier ones. */
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
