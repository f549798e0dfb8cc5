import type { Change } from '../backend/read/events.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Exit, ReplicaRef } from './follow.ts'

/** How long the last lines of an ended container may take, in milliseconds, while none comes. */
const DRAIN = 2000

/** A container from one start to the next. */
export class ContainerRun {
  /** Settles when the last line of its log is out. */
  logged: Promise<void> = Promise.resolve()
  /** Resolves once its end was told. */
  readonly over: Promise<void>
  /** The engine told of its end. */
  died = false
  /** Somebody asked the engine to end it. */
  asked = false
  /** Its log has ended. */
  ended = false
  /** Its log ended long before it did: some logging drivers keep none. */
  silent = false
  /** How many lines its log had so far. */
  lines = 0
  #told: boolean
  #restarting = false
  #settle: () => void = () => undefined

  constructor(
    readonly replica: ReplicaRef,
    /** Whether its end is not to be told. */
    told: boolean,
  ) {
    this.#told = told
    this.over = told
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#settle = resolve
        })
  }

  get told(): boolean {
    return this.#told
  }

  /** As far as it was told, the engine does not start the container again. */
  get isLast(): boolean {
    return this.#told && !this.#restarting
  }

  /** Tells of its end, once. */
  tell(exit: Exit, onExit: (replica: ReplicaRef, exit: Exit) => void): void {
    if (this.#told) return
    this.#told = true
    this.#restarting = exit.restarting
    onExit(this.replica, exit)
    this.#settle()
  }

  /** Whether it was told that the engine starts it again, which is not so any more. */
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
      const done = await Promise.race([
        this.logged.then(() => true),
        clock.sleep(DRAIN, signal).then(
          () => false,
          () => true,
        ),
      ])
      if (done) return
    }
  }
}
