import type { IntentStore } from '../../cli/desired-state-file.ts'
import { keyOf } from '../../guard/problem.ts'
import { learnt, type Place, type Want, type Will, wants } from '../../project/desired-state.ts'

/** A stop by others counts at once, but is kept only after so long: an engine that ends stops everything, and takes the guard along. */
const KEPT_AFTER_MS = 15_000

interface Lesson {
  place: Place
  want: Want
  at: number
  /** What was kept of the service then: whatever a command says later counts more. */
  service: string
}

/** What a guard knows of what is wanted: what is kept, and what it has learnt since from events. */
export class Knowledge {
  readonly #lessons = new Map<string, Lesson>()
  /** What was known of a place before its last stop. */
  readonly #before = new Map<string, Lesson | undefined>()

  constructor(private readonly store: IntentStore) {}

  /** A service that a command is restarting or recreating: its stops say nothing. */
  isInTurn(service: string): boolean {
    return this.store.read().turn?.services.includes(service) === true
  }

  /** Whether that is news; `declared`: how many containers the stack declares of the service. */
  learn(place: Place, want: Want, declared: number, now: number): boolean {
    const before = wants(this.will(), place, declared)
    const kept = this.store.read()
    const key = keyOf(place)
    if (want === 'running') this.#before.delete(key)
    else if (!this.#before.has(key)) this.#before.set(key, this.#lessons.get(key))
    if (wants(kept, place, declared) === (want === 'running')) this.#lessons.delete(key)
    else this.#lessons.set(key, { place, want, at: now, service: serviceText(kept, place) })
    return before !== (want === 'running')
  }

  /** That a stop was no purpose of anybody. */
  unlearn(place: Place): void {
    const key = keyOf(place)
    const before = this.#before.get(key)
    if (before) this.#lessons.set(key, before)
    else if (this.#lessons.get(key)?.want === 'stopped') this.#lessons.delete(key)
    this.#before.delete(key)
  }

  will(): Will {
    return this.#with(this.store.read(), () => true)
  }

  /** Keeps what is certain by now; only in the project's turn. The result is when there will be more to keep, if ever. */
  keep(now: number, ending = false): number | undefined {
    const { services, turn } = this.store.read()
    const kept = { services }
    const isDue = ({ want, at }: Lesson) => ending || want === 'running' || now - at >= KEPT_AFTER_MS
    const will = this.#with(kept, isDue)
    for (const [key, lesson] of this.#lessons)
      if (isDue(lesson) || serviceText(kept, lesson.place) !== lesson.service) this.#lessons.delete(key)
    for (const lesson of this.#lessons.values()) lesson.service = serviceText(will, lesson.place)
    // Whoever was at work then is so no more.
    if (will !== kept || turn) this.store.write(will)
    const left = [...this.#lessons.values()].map(({ at }) => at + KEPT_AFTER_MS)
    return left.length > 0 ? Math.min(...left) : undefined
  }

  get isLearning(): boolean {
    return this.#lessons.size > 0
  }

  #with(kept: Will, counts: (lesson: Lesson) => boolean): Will {
    const valid = [...this.#lessons.values()].filter(
      (lesson) => counts(lesson) && serviceText(kept, lesson.place) === lesson.service,
    )
    return valid.reduce((will, { place, want }) => learnt(will, place, want), kept)
  }
}

function serviceText({ services }: Will, { service }: Place): string {
  return JSON.stringify(services[service] ?? null)
}
