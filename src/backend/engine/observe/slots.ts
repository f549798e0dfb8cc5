import type { ContainerSummary } from '../../../docker/port.ts'
import { changedSince } from '../../../plan/fingerprint.ts'
import type { Address } from '../../../stack/address.ts'
import type { Stack } from '../../../stack/model.ts'
import { containerName } from '../../../stack/names.ts'
import { groupBy } from '../../../util/object.ts'
import { declaredFields } from '../../docker/fields.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import { hasSucceeded, isLeaving, isRunning } from '../../state.ts'
import { type IsCurrent, numbersOf, type Places } from './numbers.ts'

/** The place of one replica, with its containers. */
export interface Slot {
  service: string
  index: number
  /** The final name of its container. */
  name: string
  current?: ContainerSummary
  /** A replacement that an earlier command created and did not finish. */
  next?: ContainerSummary
  /** Containers that the engine is removing or failed to remove: they must be gone first. */
  leaving: ContainerSummary[]
  /** Its name in plans, if it is not a replica. */
  address?: Address
}

/** The temporary name of a replacement, until it replaces the old container. */
export function nextName(name: string): string {
  return `${name}_next`
}

/** Whether a container `made` as declared, among `all` (ids), is running or is a completed job, so that it needs no inspect. */
export function runsAsDeclared(
  stack: Stack,
  container: ContainerSummary,
  all: ReadonlySet<string>,
  made: ReadonlySet<string>,
): boolean {
  const service = container.labels[COMPOSE.service] ?? ''
  const spec = stack.services[service]
  if (!spec || !(isRunning(container) || hasDone(stack, container)) || isUnfinished(container, all)) return false
  const index = Number(container.labels[COMPOSE.number])
  return container.name === containerName(stack, service, spec, index) && made.has(container.id)
}

/** A job that others wait for is done once it has exited with 0. */
export function hasDone(stack: Stack, container: ContainerSummary): boolean {
  return hasSucceeded(container) && isJobIn(stack, container.labels[COMPOSE.service] ?? '')
}

/** Whether another service waits for it with `service_completed_successfully`. */
function isJobIn(stack: Stack, name: string): boolean {
  return Object.values(stack.services).some(
    ({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully',
  )
}

/** Whether a container's fingerprint matches the current declaration. */
export function matches(stack: Stack, container: ContainerSummary): boolean {
  const fields = declaredFields(stack, container.labels[COMPOSE.service] ?? '')
  return changedSince(container.labels[OURS.fingerprint], fields)?.length === 0
}

/** The slots of a service, each with the most suitable container. The rest is left over. */
export function slotsOf(
  stack: Stack,
  service: string,
  containers: ContainerSummary[],
  isCurrent: IsCurrent = (each) => matches(stack, each),
): Slot[] {
  const spec = stack.services[service] ?? {}
  const byNumber = groupBy(containers, ({ labels }) => labels[COMPOSE.number])
  const staying = idsOf(containers.filter((each) => !isLeaving(each)))
  return numbersOf(stack, service, placesOf(containers, service), isCurrent).map((index) => {
    const all = (byNumber.get(String(index)) ?? []).filter((each) => isReplica(each, service, index))
    const leaving = all.filter(isLeaving)
    const own = all.filter((each) => !isLeaving(each))
    const [next] = best(
      stack,
      own.filter((each) => isUnfinished(each, staying)),
    )
    const [current] = best(
      stack,
      own.filter((each) => each !== next && !isUnfinished(each, staying)),
    )
    const name = containerName(stack, service, spec, index)
    return { service, index, name, leaving, ...(current && { current }), ...(next && { next }) }
  })
}

/** Containers of declared services that are in no slot: surplus replicas and duplicates. One-off containers do not count. */
export function leftOver(
  stack: Stack,
  slots: ReadonlyMap<string, Slot[]>,
  containers: ContainerSummary[],
): ContainerSummary[] {
  const all = [...slots.values()].flat()
  const kept = new Set(all.flatMap((slot) => [slot.current, slot.next, ...slot.leaving].map((each) => each?.id)))
  return containers.filter((each) => {
    const service = each.labels[COMPOSE.service] ?? ''
    return isNumbered(each) && !isOneOff(each) && stack.services[service] && slots.has(service) && !kept.has(each.id)
  })
}

/** A container without a number was run by hand from an image that carries a build's labels. */
function isNumbered({ labels }: ContainerSummary): boolean {
  return COMPOSE.number in labels
}

export function isOneOff(container: ContainerSummary): boolean {
  return container.labels[COMPOSE.oneoff]?.toLowerCase() === 'true'
}

/** Containers under removal have no place. */
export function placesOf(containers: readonly ContainerSummary[], service: string): Places {
  const numberOf = ({ labels }: ContainerSummary) => Number(labels[COMPOSE.number])
  const replicas = containers.filter(
    (each) => !isLeaving(each) && numberOf(each) > 0 && isReplica(each, service, numberOf(each)),
  )
  return groupBy(replicas, numberOf)
}

function isReplica(container: ContainerSummary, service: string, index: number): boolean {
  const { labels } = container
  return labels[COMPOSE.service] === service && labels[COMPOSE.number] === String(index) && !isOneOff(container)
}

/** Whether it replaces a container that still exists. Otherwise, it is simply the container of its slot. */
function isUnfinished(container: ContainerSummary, all: ReadonlySet<string>): boolean {
  const replaced = container.labels[OURS.replaces]
  return replaced !== undefined && all.has(replaced)
}

export function idsOf(containers: readonly ContainerSummary[]): Set<string> {
  return new Set(containers.map(({ id }) => id))
}

/**
 * As declared before changed, running before stopped, newest first; the id breaks ties, so that plans never depend on the list's
 * order.
 */
function best(stack: Stack, containers: ContainerSummary[]): ContainerSummary[] {
  const rank = (each: ContainerSummary) => (matches(stack, each) ? 2 : 0) + (isRunning(each) ? 1 : 0)
  return [...containers].sort((a, b) => rank(b) - rank(a) || b.created - a.created || (a.id < b.id ? -1 : 1))
}
