import type { Change } from '../backend/read/events.ts'
import { type Desired, isEnding, type ReplicaSlot } from '../project/state/desired-state.ts'

/** A change of the desired state that follows from an event. */
export interface Conclusion {
  slot: ReplicaSlot
  /** `before`: that it was stopped on purpose has turned out to be wrong. */
  want: Desired | 'before'
  /** Of `stopped`: the time from which on it is unlikely to be taken back. Until then it counts, but is not reported. */
  sureAt?: number
}

/** Milliseconds. A signal of any kind is why a container ends within this time; one that ends programs, within the other. */
const AT_ONCE = 2_000
const IN_TIME = 60_000
/** A forced removal ends the container first: to whom the removal follows this soon, it was one. */
const REMOVAL = 5_000
/** An engine that ends asks all containers to stop within this time, the last of them has ended this long before, and none takes longer. */
const TOGETHER = 2_000
const LAST = 10_000
const LONGEST = 60_000
/** Within this time after a stop, a restart has started the container again, and an engine that shuts down is gone. */
const PASSING = 2_000

interface Signal {
  first: number
  at: number
  ends: boolean
}

interface Death {
  slot: ReplicaSlot
  at: number
  /** When the container was first asked to end; absent: it ended by itself. */
  asked?: number
  /** The engine has reported a stop. */
  stopped: boolean
}

/**
 * Tells from an engine's events which ends are on purpose: a stop or kill through the API, which is a `kill` before the `die`. An end
 * without that, a forced removal (`kill`, `die` and at once `destroy`, without a `stop`), and what an engine does to all containers
 * before it ends itself, are none. Times are milliseconds of one clock, when events arrived.
 */
export class StopDetector {
  readonly #alive = new Map<string, ReplicaSlot>()
  readonly #signals = new Map<string, Signal>()
  readonly #deaths = new Map<string, Death>()

  /** The containers that run, from a list. */
  seen(replicas: readonly (ReplicaSlot & { id: string })[]): void {
    this.#alive.clear()
    for (const { id, service, number } of replicas) this.#alive.set(id, { service, number })
  }

  hear(change: Change, now: number): Conclusion | undefined {
    if (change.oneoff) return undefined
    switch (change.action) {
      case 'start':
        return this.#started(change)
      case 'kill':
        this.#signalled(change, now)
        return undefined
      case 'die':
        return this.#died(change, now)
      case 'stop':
        return this.#stopped(change, now)
      case 'destroy':
        return this.#removed(change, now)
      default:
        return undefined
    }
  }

  /** The connection ended. The result is what only the end of the engine has stopped. */
  broken(now: number): ReplicaSlot[] {
    const recent = [...this.#deaths.values()].filter(({ at, asked }) => asked !== undefined && now - at <= LONGEST)
    this.#deaths.clear()
    this.#signals.clear()
    const lastDeath = Math.max(...recent.map(({ at }) => at))
    if (this.#alive.size > 0 || now - lastDeath > LAST) return []
    const lastAsked = Math.max(...recent.map(({ asked = 0 }) => asked))
    return recent.filter(({ asked = 0 }) => lastAsked - asked <= TOGETHER).map(({ slot }) => slot)
  }

  #started({ id, service, number }: Change): Conclusion {
    const slot = { service, number }
    this.#alive.set(id, slot)
    this.#signals.delete(id)
    this.#deaths.delete(id)
    return { slot, want: 'running' }
  }

  #signalled({ id, signal = '' }: Change, now: number): void {
    const before = this.#signals.get(id)
    const first = before && now - before.at <= IN_TIME ? before.first : now
    this.#signals.set(id, { first, at: now, ends: isEnding(signal) })
  }

  #died({ id, service, number }: Change, now: number): Conclusion | undefined {
    this.#alive.delete(id)
    const signal = this.#signals.get(id)
    const asked = signal && now - signal.at <= (signal.ends ? IN_TIME : AT_ONCE) ? { asked: signal.first } : {}
    const slot = { service, number }
    this.#deaths.set(id, { slot, at: now, stopped: false, ...asked })
    return 'asked' in asked ? this.#onPurpose(slot, now + REMOVAL) : undefined
  }

  #stopped({ id, service, number }: Change, now: number): Conclusion | undefined {
    this.#alive.delete(id)
    const slot = { service, number }
    const death: Omit<Death, 'stopped'> = this.#deaths.get(id) ?? { slot, at: now }
    this.#deaths.set(id, { ...death, asked: death.asked ?? this.#signals.get(id)?.first ?? now, stopped: true })
    return this.#onPurpose(slot, now + PASSING)
  }

  #removed({ id }: Change, now: number): Conclusion | undefined {
    const death = this.#deaths.get(id)
    this.#alive.delete(id)
    this.#signals.delete(id)
    this.#deaths.delete(id)
    const forced = death?.asked !== undefined && !death.stopped && now - death.at <= REMOVAL
    return forced ? { slot: death.slot, want: 'before' } : undefined
  }

  /** A container that was replaced is stopped while its successor already runs: no change. */
  #onPurpose(slot: ReplicaSlot, sureAt: number): Conclusion | undefined {
    const others = [...this.#alive.values()]
    const taken = others.some(({ service, number }) => service === slot.service && number === slot.number)
    return taken ? undefined : { slot, want: 'stopped', sureAt }
  }
}

/** The slots that were stopped on purpose at last, by what an engine remembers: each change with its time. */
export function stoppedIn(changes: readonly (Change & { at: number })[]): ReplicaSlot[] {
  const detector = new StopDetector()
  const stopped = new Map<string, ReplicaSlot>()
  for (const change of changes) {
    const verdict = detector.hear(change, change.at)
    if (!verdict) continue
    const key = `${verdict.slot.service}/${verdict.slot.number}`
    if (verdict.want === 'stopped') stopped.set(key, verdict.slot)
    else stopped.delete(key)
  }
  return [...stopped.values()]
}
