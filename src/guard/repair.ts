import { type RestartIntent, UP, type UpIntent } from '../backend/intent.ts'
import { isAlive, isPaused } from '../backend/state.ts'
import type { ReplicaSlot } from '../project/state/desired-state.ts'
import { replicasOf } from '../stack/names.ts'
import { followersOf, guestsOf, isEntangled } from './dependents.ts'
import { keyOf, type Problem, replicaAt, type Situation, wantedNumbers } from './problem.ts'

/** Containers repaired by one plan: only the part of an intent's plan that concerns these slots (`web/1`). */
export interface Repair {
  intent: UpIntent | RestartIntent
  slots: Set<string>
  problems: Problem[]
}

/**
 * The reactions to problems. A container that is down is created or started unchanged; an unhealthy one is restarted, with the
 * dependents that declare it. A container in another container's namespaces follows it, even if someone else restarted that.
 */
export function repairsFor(situation: Situation, problems: readonly Problem[]): Repair[] {
  const unhealthy = problems.filter(({ kind }) => kind === 'unhealthy')
  const down = problems.filter(({ kind }) => kind !== 'unhealthy')
  const entangled = down.filter(({ service }) => isEntangled(situation.stack, service))
  const free = down.filter((each) => !entangled.includes(each))
  const repairs = [
    broughtUp(situation, free, true),
    broughtUp(situation, entangled, false),
    restarted(situation, unhealthy),
  ]
  return repairs.filter((repair) => repair.problems.length > 0)
}

/** An `up` of these services that leaves existing containers unchanged. */
export function upOf({ stack, desired, replicas }: Situation, services: readonly string[]): UpIntent {
  const counts = services.flatMap((service): [string, number][] => {
    const there = replicas.filter((each) => each.service === service && !each.oneoff).map(({ number }) => number)
    const most = Math.max(0, ...wantedNumbers({ stack, desired }, service), ...there)
    return most > replicasOf(stack.services[service] ?? {}) ? [[service, most]] : []
  })
  const scale = counts.length > 0 ? { scale: Object.fromEntries(counts) } : {}
  return { ...UP, services: [...services], noDeps: true, noRecreate: true, pull: 'missing', ...scale }
}

/** Containers that share namespaces or volumes with a recreated one are recreated too. */
function broughtUp(situation: Situation, problems: Problem[], noRecreate: boolean): Repair {
  const guests = noRecreate ? [] : livingWith(situation, problems)
  const slots = new Set([...problems, ...guests].map(keyOf))
  const services = [...new Set([...problems, ...guests].map(({ service }) => service))].sort()
  return { intent: { ...upOf(situation, services), noRecreate }, slots, problems }
}

function restarted(situation: Situation, problems: Problem[]): Repair {
  const services = [...new Set(problems.map(({ service }) => service))].sort()
  const followers = livingSlots(situation, followersOf(situation.stack, services))
  const slots = new Set([...problems, ...followers].map(keyOf))
  return { intent: { kind: 'restart', services, noDeps: false }, slots, problems }
}

/** A container cannot join the namespaces of a stopped one. */
function livingWith(situation: Situation, problems: readonly Problem[]): ReplicaSlot[] {
  const names = new Set(problems.map(({ service }) => service))
  const services = Object.entries(situation.stack.services).filter(
    ([name]) => livingSlots(situation, [name]).length > 0,
  )
  return livingSlots(situation, guestsOf({ ...situation.stack, services: Object.fromEntries(services) }, names))
}

/** The slots of containers that are running and desired. */
function livingSlots(situation: Situation, services: readonly string[]): ReplicaSlot[] {
  const all = services.flatMap((service) => wantedNumbers(situation, service).map((number) => ({ service, number })))
  return all.filter((slot) => {
    const replica = replicaAt(situation.replicas, slot)
    return replica !== undefined && isAlive(replica) && !isPaused(replica)
  })
}
