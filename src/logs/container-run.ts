import type { Change } from '../backend/read/events.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Exit, ReplicaRef } from './follow-options.ts'

/** Milliseconds without output after which the last lines of an ended container are no longer awaited. */
const DRAIN = 2000

/** One run of a container, from a start to the next. */
export class ContainerRun {
  /** Settles when the last line of its log is printed. */
  logged: Promise<void> = Promise.resolve()
  /** Resolves once its end is reported. */
  readonly over: Promise<void>
  /** The engine has reported its end. */
  died = false
  /** A stop or kill was requested. */
  asked = false
  /** Its log has ended. */
  ended = false
  /** Its log ended long before it did: some log drivers store none. */
  silent = false
  /** The number of log lines so far. */
  lines = 0
  /** Whether its end was reported. */
  #reported = false
  #restarting = false
  #settle: () => void = () => undefined

  constructor(
    readonly replica: ReplicaRef,
    /** Whether its end is already known to the user. */
    isKnown: boolean,
  ) {
    this.over = new Promise((resolve) => {
      this.#settle = resolve
    })
    if (isKnown) this.#close()
  }

  get reported(): boolean {
    return this.#reported
  }

  /** Whether the engine will not restart the container, according to reports so far. */
  get isLast(): boolean {
    return this.#reported && !this.#restarting
  }

  /** Reports its end, once. */
  report(exit: Exit, onExit: (replica: ReplicaRef, exit: Exit) => void): void {
    if (this.#reported) return
    this.#restarting = exit.restarting
    onExit(this.replica, exit)
    this.#close()
  }

  #close(): void {
    this.#reported = true
    this.#settle()
  }

  /** Whether a reported restart by the engine will not happen after all. */
  giveUp(): boolean {
    const wasComing = this.#restarting
    this.#restarting = false
    return wasComing
  }

  note({ action }: Change): void {
    if (action === 'kill' || action === 'stop') this.asked = true
    if (action === 'die') this.died = true
  }

  /** Waits for the last lines, unless output has stopped coming. */
  async drained(clock: Clock, signal: AbortSignal): Promise<void> {
    for (let before = -1; before !== this.lines; ) {
      before = this.lines
      const over = new AbortController()
      const out = () => over.abort()
      const silent = clock.sleep(DRAIN, AbortSignal.any([signal, over.signal])).catch(out)
      await Promise.race([this.logged.then(out), silent])
      if (over.signal.aborted) return
    }
  }
}
