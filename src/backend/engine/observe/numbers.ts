import type { ContainerSummary } from '../../../docker/port.ts'
import { linksOf, spacesOf } from '../../../stack/dependencies.ts'
import type { Stack } from '../../../stack/model.ts'
import { replicasOf } from '../../../stack/names.ts'

/** A service's containers by number. */
export type Places = ReadonlyMap<number, readonly ContainerSummary[]>

export type IsCurrent = (container: ContainerSummary) => boolean

/**
 * The numbers of a service's replicas, ascending. If there are too many containers, those that are as declared stay first, then
 * those in the better state, then those with the lower number. If there are too few, the lowest free numbers are added. Number 1 is
 * always included for a service whose first container others use.
 */
export function numbersOf(stack: Stack, service: string, places: Places, isCurrent: IsCurrent): number[] {
  const count = replicasOf(stack.services[service] ?? {})
  const standing = count < places.size ? bestFirst(places, isCurrent) : [...places.keys()]
  const numbers = filledUp(standing, count)
  const lacksFirst = count > 0 && !numbers.includes(1) && isHost(stack, service)
  return lacksFirst ? filledUp([1, ...standing], count) : numbers
}

function filledUp(standing: readonly number[], count: number): number[] {
  const numbers = new Set(standing.slice(0, count))
  for (let free = 1; numbers.size < count; free++) numbers.add(free)
  return [...numbers].sort((a, b) => a - b)
}

/** Whether other services use the namespaces, the volumes or the name of its first container. */
function isHost(stack: Stack, service: string): boolean {
  return Object.values(stack.services).some((each) => [...spacesOf(each), ...linksOf(each)].includes(service))
}

function bestFirst(places: Places, isCurrent: IsCurrent): number[] {
  const rank = (each: ContainerSummary) => (isCurrent(each) ? AS_DECLARED : 0) + stateRank(each)
  const ranked = [...places].map(([number, all]) => ({ number, rank: Math.max(...all.map(rank)) }))
  return ranked.sort((a, b) => b.rank - a.rank || a.number - b.number).map(({ number }) => number)
}

const WORST_FIRST = ['exited', 'created', 'restarting', 'paused', 'unhealthy', 'running']
/** Ranks above every state. */
const AS_DECLARED = WORST_FIRST.length + 1

function stateRank({ state, health }: ContainerSummary): number {
  return WORST_FIRST.indexOf(state === 'running' && health === 'unhealthy' ? 'unhealthy' : state)
}
