import { type RestartIntent, UP, type UpIntent } from '../backend/intent.ts'
import type { Place } from '../project/desired-state.ts'
import { replicasOf } from '../stack/names.ts'
import { followersOf, guestsOf, isEntangled } from './dependents.ts'
import { isAlive, keyOf, replicaAt, type Trouble, type View, wantedNumbers } from './problem.ts'

/** Containers that are brought back by one plan: of what an intent takes, only what concerns these places (`web/1`). */
export interface Batch {
  intent: UpIntent | RestartIntent
  places: Set<string>
  troubles: Trouble[]
}

/**
 * How troubles are met: what does not run is created or started as it was, what is unhealthy restarted, with the dependents that declare
 * it; and what lives in another container's namespaces goes along with it, also where that was started anew by others.
 */
export function batchesFor(view: View, troubles: readonly Trouble[]): Batch[] {
  const unhealthy = troubles.filter(({ kind }) => kind === 'unhealthy')
  const down = troubles.filter(({ kind }) => kind !== 'unhealthy')
  const entangled = down.filter(({ service }) => isEntangled(view.stack, service))
  const free = down.filter((each) => !entangled.includes(each))
  const batches = [broughtUp(view, free, true), broughtUp(view, entangled, false), restarted(view, unhealthy)]
  return batches.filter((batch) => batch.troubles.length > 0)
}

/** An `up` of these services that leaves what is there as it is. */
export function upOf({ stack, will, replicas }: View, services: readonly string[]): UpIntent {
  const counts = services.flatMap((service): [string, number][] => {
    const there = replicas.filter((each) => each.service === service && !each.oneoff).map(({ number }) => number)
    const most = Math.max(0, ...wantedNumbers({ stack, will }, service), ...there)
    return most > replicasOf(stack.services[service] ?? {}) ? [[service, most]] : []
  })
  const scale = counts.length > 0 ? { scale: Object.fromEntries(counts) } : {}
  return { ...UP, services: [...services], noDeps: true, noRecreate: true, pull: 'missing', ...scale }
}

/** What shares namespaces or volumes with what was made anew cannot stay as it is. */
function broughtUp(view: View, troubles: Trouble[], noRecreate: boolean): Batch {
  const guests = noRecreate ? [] : livingWith(view, troubles)
  const places = new Set([...troubles, ...guests].map(keyOf))
  const services = [...new Set([...troubles, ...guests].map(({ service }) => service))].sort()
  return { intent: { ...upOf(view, services), noRecreate }, places, troubles }
}

function restarted(view: View, troubles: Trouble[]): Batch {
  const services = [...new Set(troubles.map(({ service }) => service))].sort()
  const followers = livingPlaces(view, followersOf(view.stack, services))
  const places = new Set([...troubles, ...followers].map(keyOf))
  return { intent: { kind: 'restart', services, noDeps: false }, places, troubles }
}

/** Whoever lives in a container that does not run has nowhere to go along to. */
function livingWith(view: View, troubles: readonly Trouble[]): Place[] {
  const names = new Set(troubles.map(({ service }) => service))
  const services = Object.entries(view.stack.services).filter(([name]) => livingPlaces(view, [name]).length > 0)
  return livingPlaces(view, guestsOf({ ...view.stack, services: Object.fromEntries(services) }, names))
}

/** Those of the containers that run, and are meant to. */
function livingPlaces(view: View, services: readonly string[]): Place[] {
  const all = services.flatMap((service) => wantedNumbers(view, service).map((number) => ({ service, number })))
  return all.filter((place) => {
    const replica = replicaAt(view.replicas, place)
    return replica !== undefined && isAlive(replica) && replica.state !== 'paused'
  })
}
