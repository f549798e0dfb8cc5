import type { Replica } from '../backend/read/containers.ts'
import type { Change, PastChange } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { hasExited, isBeingRemoved, isDead, isRestarting } from '../backend/state.ts'
import type { Plan } from '../plan/plan.ts'
import { type Address, containerAddress, kindOf } from '../stack/address.ts'

/** An executed plan, and its start in milliseconds since the epoch. */
export interface CarriedOut {
  plan: Plan<unknown>
  began: number
}

/** The state, after a plan, of the containers that it started or kept. */
export interface Aftermath {
  /** Addresses of containers that someone else removed or stopped. */
  interfered: Address[]
  /** Containers that ended by themselves, or that keep restarting. */
  fallen: Replica[]
}

export const CALM: Aftermath = { interfered: [], fallen: [] }

/** Usually one list call. Reads the engine's past events only if a container has ended, and most end by themselves. */
export async function aftermathOf(
  reader: Reader,
  { plan, began }: CarriedOut,
  now: number,
  signal: AbortSignal,
): Promise<Aftermath> {
  const replicas = (await reader.list(plan.stack, { all: true, settled: true }, signal)).filter(({ oneoff }) => !oneoff)
  const found = new Map(replicas.map((each) => [addressOf(each), each]))
  const wanted = broughtUp(plan)
  const ended = wanted.flatMap((each) => found.get(each) ?? []).filter(hasExited)
  const past = ended.length > 0 ? await reader.remembered?.(plan.stack, now, signal) : []
  const stopped = stoppedSince(began, past ?? [])
  const isStopped = ({ id }: Replica) => stopped.includes(id)
  return {
    interfered: [
      ...wanted.filter((each) => !found.has(each) || isBeingRemoved(found.get(each))),
      ...ended.filter(isStopped).map(addressOf),
    ],
    fallen: wanted.flatMap((each) => found.get(each) ?? []).filter((each) => !isStopped(each) && hasFallen(each)),
  }
}

function hasFallen(replica: Replica): boolean {
  return hasExited(replica) || isRestarting(replica) || isDead(replica)
}

const addressOf = ({ service, number }: Replica) => containerAddress(service, number)

function broughtUp({ steps, unchanged }: Plan<unknown>): Address[] {
  const made = steps
    .filter(({ verb }) => verb === 'create' || verb === 'start' || verb === 'unpause')
    .map(({ subject }) => subject)
  return [...new Set([...unchanged, ...made])].filter((each) => kindOf(each) === 'container')
}

/** The ids of containers with a stop after their last start: they did not end by themselves. */
function stoppedSince(began: number, changes: readonly PastChange[]): string[] {
  const last = new Map<string, Change['action']>()
  for (const { id, action, at } of changes)
    if (at >= began && (action === 'start' || action === 'stop')) last.set(id, action)
  return [...last].flatMap(([id, action]) => (action === 'stop' ? [id] : []))
}
