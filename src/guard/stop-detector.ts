import type { Change } from '../backend/read/events.ts'
import { isEnding } from '../project/state/desired-after.ts'
import type { Desired, ReplicaSlot } from '../project/state/desired-state.ts'

/** A change of the desired state, inferred from an event. */
export interface Conclusion {
  slot: ReplicaSlot
  /** `before`: the stop was not intended after all. */
  want: Desired | 'before'
  /** For `stopped`: the time after which a retraction is unlikely. Until then it takes effect, but is not reported. */
  sureAt?: number
}

/** Milliseconds. A signal counts as the cause of an end within AT_ONCE; one that terminates programs, within IN_TIME. */
const AT_ONCE = 2_000
const IN_TIME = 60_000
/** A forced removal ends the container first: a removal within this time of the end belongs to it. */
const REMOVAL = 5_000
/** An engine that shuts down signals all containers within TOGETHER; the last ends within LAST before it, the first within LONGEST. */
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
  /** When the container was first signalled to end; absent: it ended by itself. */
  asked?: number
  /** Whether the engine has reported a stop. */
  stopped: boolean
}

/**
 * Infers from an engine's events which ends were intended: a stop or kill through the API, which sends a `kill` before the `die`.
 * Not intended are an end without a `kill`, a forced removal (`kill`, `die` and at once `destroy`, without a `stop`), and the stops
 * of all containers when the engine shuts down. Times are those of the events' arrival, in milliseconds of a single clock.
 */
export class StopDetector {
  readonly #alive = new Map<string, ReplicaSlot>()
  readonly #signals = new Map<string, Signal>()
  readonly #deaths = new Map<string, Death>()

  /** Records the running containers of a list. */
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

  /** Called when the connection ends. Returns the slots that only the engine's shutdown has stopped. */
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

  /** A replaced container stops while its successor already runs: that is no change. */
  #onPurpose(slot: ReplicaSlot, sureAt: number): Conclusion | undefined {
    const others = [...this.#alive.values()]
    const taken = others.some(({ service, number }) => service === slot.service && number === slot.number)
    return taken ? undefined : { slot, want: 'stopped', sureAt }
  }
}

/** The slots whose last change was an intended stop, according to an engine's past events with their times. */
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
