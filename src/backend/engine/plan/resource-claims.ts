import type { ContainerSummary } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import { stepIds } from '../../../plan/step-id.ts'
import type { Stack } from '../../../stack/model.ts'
import { addressesHeldBy, addressesOf } from '../observe/addresses.ts'
import type { Observed } from '../observe/observed.ts'
import { type HostPorts, hostPortsOf, overlap, portsHeldBy } from '../observe/ports.ts'
import type { Slot } from '../observe/slots.ts'
import { isSamePlace, placesHeldBy, placesOf } from '../observe/writable-mounts.ts'
import { orderFixedAddresses } from './container/fixed-addresses.ts'
import { addressOfContainer } from './container/stop.ts'
import type { Holdings, ReplicaInput, UpContext } from './types.ts'

/** What a service's containers are to have. */
export function holdingsOf(stack: Stack, name: string): Holdings {
  return {
    ports: hostPortsOf(stack.services[name] ?? {}),
    places: placesOf(stack, name),
    addresses: addressesOf(stack, name),
  }
}

/** What each service is going to take that none of its running containers writes to already; services that take nothing left out. */
export function claimsByService(stack: Stack, slots: ReadonlyMap<string, Slot[]>): Map<string, Holdings> {
  const all = [...slots.keys()].map((name) => [name, newHoldings(stack, name, slots.get(name) ?? [])] as const)
  return new Map(all.filter(([, each]) => each.ports.length + each.places.length + each.addresses.length > 0))
}

function newHoldings(stack: Stack, name: string, slots: Slot[]): Holdings {
  const wanted = holdingsOf(stack, name)
  if (wanted.places.length === 0) return wanted
  const held = slots.flatMap(({ current, next }) => [current, next].flatMap((each) => (each ? placesHeldBy(each) : [])))
  return { ...wanted, places: wanted.places.filter((place) => !held.some((each) => isSamePlace(each, place))) }
}

/** Notes what a step that starts a replica is going to take. */
export function addClaim({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>, step: StepId): void {
  context.starts.push({ step, service: slot.service })
  const taken = context.demands.get(slot.service)
  const own = [slot.current, slot.next].flatMap((each) => each?.id ?? [])
  if (taken) context.claims.push({ ...taken, step, own })
}

/** Of a container that sees its volumes only: a hook that runs before the start. */
export function addVolumeClaim({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>, step: StepId): void {
  const { places } = context.demands.get(slot.service) ?? { places: [] }
  if (places.length > 0) context.claims.push({ ports: [], addresses: [], places, step, own: [] })
}

/**
 * Starts that take something come after the removal, or at least the stop, of the container that holds it now and does not go on
 * with it. Containers that share a place before or after, as declared, wait for nothing.
 */
export function orderByClaims(context: UpContext): void {
  const { builder, claims, observed } = context
  orderFixedAddresses(context)
  if (claims.length === 0) return
  const keeping = keepers(context)
  for (const container of observed.containers) {
    const held = heldBy(container, observed.details)
    const kept = keeping.get(container.id) ?? []
    const freed = stepsThatFree(container)
    for (const each of claims)
      if (!each.own.includes(container.id) && collide(each, held, kept)) builder.prefer(each.step, freed, 'success')
  }
  orderRanges(context)
}

/**
 * Whether a container holds what another service is going to take. Such a one waits for nothing before it stops: whatever it
 * would wait for may in turn be waiting for that.
 */
export function mustGiveWay({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>): boolean {
  if (!slot.current) return false
  const held = heldBy(slot.current, context.observed.details)
  const kept = placesOf(context.declared.stack, slot.service)
  return [...context.demands].some(([name, taken]) => name !== slot.service && collide(taken, held, kept))
}

function heldBy(container: ContainerSummary, details: Observed['details']): Holdings {
  return {
    ports: portsHeldBy(container),
    places: placesHeldBy(container),
    addresses: addressesHeldBy(container, details),
  }
}

/** The places that each container's service goes on with, by the container's id; those that go for good keep nothing. */
function keepers({ declared: { stack }, slots }: UpContext): Map<string, string[]> {
  const kept = new Map<string, string[]>()
  for (const [name, all] of slots) {
    const places = placesOf(stack, name)
    for (const each of all.flatMap(({ current, next }) => [current, next])) if (each) kept.set(each.id, places)
  }
  return kept
}

function collide(wanted: Holdings, held: Holdings, kept: readonly string[]): boolean {
  return (
    overlap(wanted.ports, held.ports) ||
    wanted.addresses.some((each) => held.addresses.includes(each)) ||
    wanted.places.some((place) => meets(held.places, place) && !meets(kept, place))
  )
}

function meets(places: readonly string[], place: string): boolean {
  return places.some((each) => isSamePlace(each, place))
}

/** Best first: once it is removed it cannot come back. Ids that are not planned count for nothing. */
function stepsThatFree(container: ContainerSummary): StepId[] {
  const address = addressOfContainer(container)
  const { id } = container
  return [stepIds.remove(address, id), stepIds.stop(address, id), stepIds.remove(address), stepIds.stop(address)]
}

/**
 * Starts that take a host port out of a range come one after the other, and after whoever needs one certain port of it: the engine
 * does not choose again.
 */
function orderRanges({ builder, claims }: Pick<UpContext, 'builder' | 'claims'>): void {
  const ranges = claims.filter((claim) => claim.ports.some(isRange))
  const others = claims.filter((claim) => !ranges.includes(claim))
  for (const [at, claim] of ranges.entries())
    for (const earlier of [...others, ...ranges.slice(0, at)])
      if (overlap(earlier.ports, claim.ports)) builder.prefer(claim.step, [earlier.step], 'settled')
}

function isRange({ from, to }: HostPorts): boolean {
  return to > from
}
