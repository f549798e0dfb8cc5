import type { Replica } from '../backend/read/containers.ts'
import { isAlive } from '../backend/state.ts'
import type { ReplicaSlot } from '../project/state/desired-state.ts'
import { delayBefore } from './back-off.ts'
import { keyOf, type Problem, replicaAt } from './problem.ts'

/** Milliseconds after which a running container counts as recovered; longer for containers that have ended often. */
const SHORTEST = 2_000

interface Case {
  slot: ReplicaSlot
  /** The number of problems without a recovery in between. */
  count: number
  /** When it was restarted; absent: it is down. */
  at?: number
}

/** Counts the problems of each container and detects recoveries. Times are milliseconds of a single clock. */
export class Recovery {
  readonly #cases = new Map<string, Case>()

  /** Records a new problem; `isFirst`: the first one in a while. Returns the number of problems so far. */
  count(slot: ReplicaSlot, isFirst: boolean): number {
    const before = isFirst ? 0 : (this.#cases.get(keyOf(slot))?.count ?? 0)
    this.#cases.set(keyOf(slot), { slot, count: before + 1 })
    return before + 1
  }

  broughtBack(slot: ReplicaSlot, now: number): void {
    const known = this.#cases.get(keyOf(slot))
    if (known) known.at = now
  }

  /** The recovered containers, each reported once, and the time of the next check. */
  look(
    replicas: readonly Replica[],
    problems: readonly Problem[],
    now: number,
  ): { well: ReplicaSlot[]; next?: number } {
    const down = new Set(problems.map(keyOf))
    const open = [...this.#cases.values()].filter(({ slot, at }) => at !== undefined && !down.has(keyOf(slot)))
    const states = open.map((each) => [each, wellAt(each, replicaAt(replicas, each.slot))] as const)
    const isWell = (time: number | undefined): boolean => time !== undefined && time <= now
    for (const [each, time] of states) if (time === undefined || isWell(time)) delete each.at
    const later = states.flatMap(([, time]) =>
      time !== undefined && Number.isFinite(time) && time > now ? [time] : [],
    )
    const well = states.flatMap(([{ slot }, time]) => (isWell(time) ? [slot] : []))
    return { well, ...(later.length > 0 && { next: Math.min(...later) }) }
  }
}

/** When it counts as recovered, but never before its health test has passed; undefined for a container stopped by hand. */
function wellAt({ at = 0, count }: Case, replica: Replica | undefined): number | undefined {
  if (!replica || !isAlive(replica)) return undefined
  if (replica.health !== undefined) return replica.health === 'healthy' ? at : Infinity
  return at + Math.max(SHORTEST, delayBefore(count))
}
