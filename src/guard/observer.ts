import type { Replica } from '../backend/read/containers.ts'
import type { Change, PastChange } from '../backend/read/events.ts'
import { isAlive, isRunning } from '../backend/state.ts'
import type { Desired, DesiredState, ReplicaSlot } from '../project/state/desired-state.ts'
import type { DesiredStateStore } from '../project/state/desired-state-file.ts'
import type { Stack } from '../stack/model.ts'
import { replicasOf } from '../stack/names.ts'
import { isEntangled } from './dependents.ts'
import { LearnedState } from './learned-state.ts'
import { isDone, isStoppedByHand, keyOf, type Problem } from './problem.ts'
import { StopDetector, stoppedIn } from './stop-detector.ts'

/** The maximum number of list calls that wait for the list to catch up with events. */
const LOOKS = 100

/** Derives the desired state and the completed jobs from events and lists. Times are milliseconds of a single clock. */
export class Observer {
  readonly #detector = new StopDetector()
  readonly #learned: LearnedState
  /** Slots (`web/1`) whose container has completed its work. */
  readonly done = new Set<string>()
  /** Slots (`web/1`) that this guard itself is stopping, until it has started them. */
  readonly busy = new Set<string>()
  /** Ids of containers in namespaces of another container's earlier run. */
  cutOff: ReadonlySet<string> = new Set()
  /** Whether a container that shares namespaces has started since the last check. */
  #isMoved = true
  /** Ended containers, with the number of list calls since: the engine reports an end before its list shows it. */
  readonly #ended = new Map<string, number>()
  /** Stops that appear intended and are not reported yet, with the time when they are certain: the next event may refute them. */
  readonly #stops = new Map<string, { slot: ReplicaSlot; sureAt: number }>()

  constructor(
    store: DesiredStateStore,
    private readonly stack: () => Stack,
  ) {
    this.#learned = new LearnedState(store)
  }

  hear(change: Change, now: number): void {
    const { action, id, service } = change
    if (action === 'die') this.#ended.set(id, 0)
    if (action === 'start' || action === 'destroy') this.#ended.delete(id)
    if (action === 'start' && isEntangled(this.stack(), service)) this.#isMoved = true
    const verdict = this.#detector.hear(change, now)
    // From now on, any stop is someone else's.
    if (verdict?.want === 'running') this.busy.delete(keyOf(verdict.slot))
    if (verdict?.want === 'running') this.#learn(verdict.slot, 'running', now)
    if (verdict?.want === 'before') this.#unlearn(verdict.slot)
    if (verdict?.want === 'stopped' && !this.#isOurs(verdict.slot))
      this.#learn(verdict.slot, 'stopped', now, verdict.sureAt)
  }

  /** Called when the connection ends: stops just before that came from the engine, not from a user. */
  broken(now: number): void {
    for (const slot of this.#detector.broken(now)) this.#unlearn(slot)
  }

  /** Processes a list of containers, without those of `run`. */
  see(own: readonly Replica[]): void {
    for (const each of own) {
      if (isDone(this.stack(), each)) this.done.add(keyOf(each))
      else if (isAlive(each)) this.done.delete(keyOf(each))
    }
  }

  /**
   * Processes the first list after a time without events: running containers are desired; an ended one was stopped by hand if its
   * restart policy or the engine's past events imply that. Calls `reader` only if that matters.
   */
  async resync(
    own: readonly Replica[],
    down: readonly Problem[],
    remembered: () => Promise<PastChange[]>,
    now: number,
  ): Promise<void> {
    const byHand = new Set(own.filter((each) => isStoppedByHand(this.stack(), each)).map(keyOf))
    const isOpen = down.some((each) => !byHand.has(keyOf(each)))
    const reported = isOpen ? stoppedIn(await remembered()).filter((slot) => !this.#isOurs(slot)) : []
    const stopped = new Set([...byHand, ...reported.map(keyOf)])
    this.#detector.seen(own.filter(isAlive))
    for (const each of own.filter(isAlive)) this.#learn(each, 'running', now)
    for (const each of down) if (stopped.has(keyOf(each))) this.#learn(each, 'stopped', now)
  }

  /** Checks for stale namespaces, which only start times show, if a start may have changed them. */
  async seeCutOff(ask: () => Promise<string[]>, isFresh: boolean): Promise<void> {
    if (!this.#isMoved && !isFresh) return
    this.#isMoved = false
    this.cutOff = new Set(await ask())
  }

  /** Whether the list does not yet reflect reported events. */
  isBehind(replicas: readonly Replica[]): boolean {
    for (const [id, looks] of this.#ended) {
      const isBehind = replicas.some((each) => each.id === id && isRunning(each))
      if (isBehind && looks < LOOKS) this.#ended.set(id, looks + 1)
      else this.#ended.delete(id)
    }
    return this.#ended.size > 0
  }

  /** The intended stops that have become certain since the last call, and the times at which to call again. */
  newStops(now: number): { stopped: ReplicaSlot[]; next: number[] } {
    const all = [...this.#stops.values()]
    const stopped = all.filter(({ sureAt }) => sureAt <= now).map(({ slot }) => slot)
    for (const slot of stopped) this.#stops.delete(keyOf(slot))
    return { stopped, next: all.map(({ sureAt }) => sureAt).filter((sureAt) => sureAt > now) }
  }

  desired(): DesiredState {
    return this.#learned.desired()
  }

  /** See LearnedState.keep. */
  keep(now: number, ending = false): number | undefined {
    return this.#learned.keep(now, ending)
  }

  get isLearning(): boolean {
    return this.#learned.isLearning
  }

  /** Whether flotilla itself stopped it in order to start it again. */
  #isOurs(slot: ReplicaSlot): boolean {
    return this.busy.has(keyOf(slot)) || this.#learned.isInTurn(slot.service)
  }

  #learn(slot: ReplicaSlot, want: Desired, now: number, sureAt = now): void {
    const declared = replicasOf(this.stack().services[slot.service] ?? {})
    const isNews = this.#learned.learn(slot, want, declared, now)
    const key = keyOf(slot)
    if (want === 'running') this.#stops.delete(key)
    else if (isNews || this.#stops.has(key)) this.#stops.set(key, { slot, sureAt })
  }

  #unlearn(slot: ReplicaSlot): void {
    this.#learned.unlearn(slot)
    this.#stops.delete(keyOf(slot))
  }
}
