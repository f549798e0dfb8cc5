import {
  type Desired,
  type DesiredState,
  isDesired,
  type ReplicaSlot,
  withOverride,
} from '../project/state/desired-state.ts'
import type { DesiredStateStore } from '../project/state/desired-state-file.ts'
import { keyOf } from './problem.ts'

/** A stop by others counts at once, but is kept only after so long: an engine that ends stops everything, and takes the guard along. */
const KEPT_AFTER_MS = 15_000

interface Lesson {
  slot: ReplicaSlot
  want: Desired
  at: number
  /** The recorded state of the service at that time: a later record by a command overrides the lesson. */
  service: string
}

/** The desired state as a guard knows it: the recorded one, and what it has learnt from events since. */
export class LearnedState {
  readonly #lessons = new Map<string, Lesson>()
  /** The lesson about a container before its last stop. */
  readonly #before = new Map<string, Lesson | undefined>()

  constructor(private readonly store: DesiredStateStore) {}

  /** A service that a command is restarting or recreating: its stops say nothing. */
  isInTurn(service: string): boolean {
    return this.store.read().inProgress?.services.includes(service) === true
  }

  /** Whether that is news; `declared`: how many containers the stack declares of the service. */
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

  /** That a stop was no purpose of anybody. */
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

  /** Keeps what is certain by now; only while holding the project's lock. The result is when there will be more to keep, if ever. */
  keep(now: number, ending = false): number | undefined {
    const { services, inProgress } = this.store.read()
    const kept = { services }
    const isDue = ({ want, at }: Lesson) => ending || want === 'running' || now - at >= KEPT_AFTER_MS
    const desired = this.#with(kept, isDue)
    for (const [key, lesson] of this.#lessons)
      if (isDue(lesson) || serviceText(kept, lesson.slot) !== lesson.service) this.#lessons.delete(key)
    for (const lesson of this.#lessons.values()) lesson.service = serviceText(desired, lesson.slot)
    // The command that recorded it has ended.
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
