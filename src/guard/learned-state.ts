import {
  type Desired,
  type DesiredState,
  isDesired,
  type ReplicaSlot,
  withOverride,
} from '../project/state/desired-state.ts'
import type { DesiredStateStore } from '../project/state/desired-state-file.ts'
import { keyOf } from './problem.ts'

/**
 * A stop by someone else takes effect at once, but is stored only after this time: an engine that shuts down stops everything,
 * including the guard.
 */
const KEPT_AFTER_MS = 15_000

interface Lesson {
  slot: ReplicaSlot
  want: Desired
  at: number
  /** The stored desired state of the service at that time: a later command's record overrides the lesson. */
  service: string
}

/** The desired state as a guard knows it: the stored one, plus what later events have shown. */
export class LearnedState {
  readonly #lessons = new Map<string, Lesson>()
  /** The lesson about a container that applied before its last stop. */
  readonly #before = new Map<string, Lesson | undefined>()

  constructor(private readonly store: DesiredStateStore) {}

  /** Whether a command is restarting or recreating the service: its stops then have no meaning. */
  isInTurn(service: string): boolean {
    return this.store.read().inProgress?.services.includes(service) === true
  }

  /** Records a lesson and returns whether it is new; `declared`: the service's number of containers in the stack. */
  learn(slot: ReplicaSlot, want: Desired, declared: number, now: number): boolean {
    const before = isDesired(this.desired(), slot, declared)
    const kept = this.store.read()
    const key = keyOf(slot)
    if (want === 'running') this.#before.delete(key)
    else if (!this.#before.has(key)) this.#before.set(key, this.#lessons.get(key))
    if (isDesired(kept, slot, declared) === (want === 'running')) this.#lessons.delete(key)
    else this.#lessons.set(key, { slot, want, at: now, service: serviceText(kept, slot) })
    return before !== (want === 'running')
  }

  /** Reverts a lesson: the stop was not intended. */
  unlearn(slot: ReplicaSlot): void {
    const key = keyOf(slot)
    const before = this.#before.get(key)
    if (before) this.#lessons.set(key, before)
    else if (this.#lessons.get(key)?.want === 'stopped') this.#lessons.delete(key)
    this.#before.delete(key)
  }

  desired(): DesiredState {
    return this.#with(this.store.read(), () => true)
  }

  /** Stores lessons that are certain by now; requires the project's lock. Returns the time of the next one, if any. */
  keep(now: number, ending = false): number | undefined {
    const { services, inProgress } = this.store.read()
    const kept = { services }
    const isDue = ({ want, at }: Lesson) => ending || want === 'running' || now - at >= KEPT_AFTER_MS
    const desired = this.#with(kept, isDue)
    for (const [key, lesson] of this.#lessons)
      if (isDue(lesson) || serviceText(kept, lesson.slot) !== lesson.service) this.#lessons.delete(key)
    for (const lesson of this.#lessons.values()) lesson.service = serviceText(desired, lesson.slot)
    // The command that made the record has ended.
    if (desired !== kept || inProgress) this.store.write(desired)
    const left = [...this.#lessons.values()].map(({ at }) => at + KEPT_AFTER_MS)
    return left.length > 0 ? Math.min(...left) : undefined
  }

  get isLearning(): boolean {
    return this.#lessons.size > 0
  }

  #with(kept: DesiredState, counts: (lesson: Lesson) => boolean): DesiredState {
    const valid = [...this.#lessons.values()].filter(
      (lesson) => counts(lesson) && serviceText(kept, lesson.slot) === lesson.service,
    )
    return valid.reduce((desired, { slot, want }) => withOverride(desired, slot, want), kept)
  }
}

function serviceText({ services }: DesiredState, { service }: ReplicaSlot): string {
  return JSON.stringify(services[service] ?? null)
}
