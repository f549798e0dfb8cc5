import type { Clock } from '../execute/step-context.ts'
import { ArrivalDelay, MOST } from './delay.ts'

/** Milliseconds between two releases, at least: a busy log is let out in portions. */
const PORTION = 10

/** Milliseconds that give what there is to read its turn. */
const TURN = 1

/** Milliseconds after which it is looked again whether what is expected has come. */
const GLANCE = 50

interface Held<T> {
  time: string
  /** When it came. */
  at: number
  value: T
}

/**
 * Brings what comes from several sources into order of time: what comes late is put before what was written after it and is still held
 * back. Everything is held for as long as lines have lately come late, or a source is just being opened. Equal times keep the order in which
 * they came.
 */
export class ReorderBuffer<T> {
  #held: Held<T>[] = []
  #waiting = false
  readonly #delay = new ArrivalDelay()
  /** When the sources were asked that have not answered yet. */
  readonly #expected = new Set<{ since: number }>()

  constructor(
    private readonly clock: Clock,
    private readonly release: (value: T) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Takes what was written at a time (RFC 3339). */
  put(time: string, value: T): void {
    this.#delay.note(time, this.clock.now())
    this.putAfter(time, value)
  }

  /** Takes what has no time of its own, and belongs behind what was written then. */
  putAfter(time: string, value: T): void {
    this.#held.push({ time, at: this.clock.now(), value })
    if (!this.#waiting) void this.#wait()
  }

  /**
   * Another source has been asked, and may have to tell of what happened before the answer.
   * @returns to be called once it has answered; nobody is waited for for more than a moment
   */
  expect(): () => void {
    const asked = { since: this.clock.now() }
    this.#expected.add(asked)
    return () => void this.#expected.delete(asked)
  }

  /** Lets out all there is. */
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
      // What has come by now is read after this, and if it woke late there may be much of it.
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
