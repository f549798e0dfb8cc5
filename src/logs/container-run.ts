import type { Change } from '../backend/read/events.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Exit, ReplicaRef } from './follow-options.ts'

/** How long the last lines of an ended container may take, in milliseconds, while none comes. */
const DRAIN = 2000

/** A container from one start to the next. */
export class ContainerRun {
  /** Settles when the last line of its log is printed. */
  logged: Promise<void> = Promise.resolve()
  /** Resolves once its end was reported. */
  readonly over: Promise<void>
  /** The engine has reported its end. */
  died = false
  /** A stop or kill was requested. */
  asked = false
  /** Its log has ended. */
  ended = false
  /** Its log ended long before it did: some logging drivers keep none. */
  silent = false
  /** How many lines its log had so far. */
  lines = 0
  /** Its end was reported. */
  #reported = false
  #restarting = false
  #settle: () => void = () => undefined

  constructor(
    readonly replica: ReplicaRef,
    /** Whether its end is old news. */
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

  /** As far as was reported, the engine does not start the container again. */
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

  /** Whether it was reported that the engine starts it again, which is not so any more. */
  giveUp(): boolean {
    const wasComing = this.#restarting
    this.#restarting = false
    return wasComing
  }

  note({ action }: Change): void {
    if (action === 'kill' || action === 'stop') this.asked = true
    if (action === 'die') this.died = true
  }

  /** Waits for the last lines, unless nothing comes any more. */
  async drained(clock: Clock, signal: AbortSignal): Promise<void> {
    for (let before = -1; before !== this.lines; ) {
      before = this.lines
      let isOut = false
      const out = () => {
        isOut = true
      }
      await Promise.race([this.logged.then(out), clock.sleep(DRAIN, signal).catch(out)])
      if (isOut) return
    }
  }
}
