import type { Replica } from '../backend/reader.ts'
import type { Place } from '../project/desired-state.ts'
import { delayBefore } from './back-off.ts'
import { isAlive, keyOf, replicaAt, type Trouble } from './problem.ts'

/** Milliseconds. One that has kept running for this long runs again; the more often it has ended, the longer it takes. */
const SHORTEST = 2_000

interface Case {
  place: Place
  /** How often it was in trouble, without having been well in between. */
  count: number
  /** When it was brought back; absent: it is down. */
  at?: number
}

/** How often each container was in trouble, and which ones run again. Times are of one clock. */
export class Recovery {
  readonly #cases = new Map<string, Case>()

  /** There is new trouble with it; `isFirst`: the first in a while. The result is how often there was by now. */
  count(place: Place, isFirst: boolean): number {
    const before = isFirst ? 0 : (this.#cases.get(keyOf(place))?.count ?? 0)
    this.#cases.set(keyOf(place), { place, count: before + 1 })
    return before + 1
  }

  broughtBack(place: Place, now: number): void {
    const known = this.#cases.get(keyOf(place))
    if (known) known.at = now
  }

  /** Those that run again, each told once, and when to look at the next one. */
  look(replicas: readonly Replica[], troubles: readonly Trouble[], now: number): { well: Place[]; next?: number } {
    const down = new Set(troubles.map(keyOf))
    const open = [...this.#cases.values()].filter(({ place, at }) => at !== undefined && !down.has(keyOf(place)))
    const states = open.map((each) => [each, wellAt(each, replicaAt(replicas, each.place))] as const)
    const isWell = (time: number | undefined): boolean => time !== undefined && time <= now
    for (const [each, time] of states) if (time === undefined || isWell(time)) delete each.at
    const later = states.flatMap(([, time]) =>
      time !== undefined && Number.isFinite(time) && time > now ? [time] : [],
    )
    const well = states.flatMap(([{ place }, time]) => (isWell(time) ? [place] : []))
    return { well, ...(later.length > 0 && { next: Math.min(...later) }) }
  }
}

/** When it counts as running again: never before its health test has passed; undefined for one that somebody has stopped. */
function wellAt({ at = 0, count }: Case, replica: Replica | undefined): number | undefined {
  if (!replica || !isAlive(replica)) return undefined
  if (replica.health !== undefined) return replica.health === 'healthy' ? at : Infinity
  return at + Math.max(SHORTEST, delayBefore(count))
}
