import type { ContainerSummary } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import { stepIds } from '../../../plan/step-id.ts'
import type { Stack } from '../../../stack/model.ts'
import { addressesHeldBy, addressesOf } from '../observe/addresses.ts'
import { ClaimIndex, type Holdings } from '../observe/claim-index.ts'
import type { Observed } from '../observe/observed.ts'
import { PortHolders } from '../observe/port-holders.ts'
import { hostPortsOf, isRange, overlap, portsHeldBy } from '../observe/ports.ts'
import type { Slot } from '../observe/slots.ts'
import { isSamePlace, placesHeldBy, placesOf } from '../observe/writable-mounts.ts'
import { orderFixedAddresses } from './container/fixed-addresses.ts'
import { addressOfContainer } from './container/stop.ts'
import type { ReplicaInput, ResourceClaim, UpContext } from './types.ts'

/** The resources that a service's containers need. */
export function holdingsOf(stack: Stack, name: string): Holdings {
  return {
    ports: hostPortsOf(stack.services[name] ?? {}),
    places: placesOf(stack, name),
    addresses: addressesOf(stack, name),
  }
}

/**
 * The resources that each service will claim and that its containers do not hold yet; services without claims are left
 * out.
 */
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

/** Records the claims of a step that starts a replica. */
export function addClaim({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>, step: StepId): void {
  context.starts.push({ step, service: slot.service })
  const taken = context.demands.get(slot.service)
  const own = [slot.current, slot.next].flatMap((each) => each?.id ?? [])
  if (taken) context.claims.push({ ...taken, step, own })
}

/** Records the claims of a `pre_start` hook, whose container uses the volumes only. */
export function addVolumeClaim({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>, step: StepId): void {
  const { places } = context.demands.get(slot.service) ?? { places: [] }
  if (places.length > 0) context.claims.push({ ports: [], addresses: [], places, step, own: [] })
}

/**
 * Orders starts that claim a resource after the removal, or at least the stop, of the container that holds it and does
 * not keep it. Containers that share a volume as declared do not wait for each other.
 */
export function orderByClaims(context: UpContext): void {
  const { builder, claims, observed } = context
  orderFixedAddresses(context)
  if (claims.length === 0) return
  const keeping = keepers(context)
  const index = new ClaimIndex(claims)
  for (const container of observed.containers) {
    const held = heldBy(container, observed.details)
    const kept = keeping.get(container.id) ?? []
    const freed = stepsThatFree(container)
    for (const each of index.near(held, kept))
      if (!each.own.includes(container.id) && collide(each, held, kept)) builder.prefer(each.step, freed, 'success')
  }
  orderRanges(context)
}

/**
 * Whether a container holds a resource that another service claims. It must stop without waiting: what it would wait
 * for may itself wait for that resource.
 */
export function mustGiveWay({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>): boolean {
  if (!slot.current) return false
  const held = heldBy(slot.current, context.observed.details)
  const kept = placesOf(context.declared.stack, slot.service)
  const own = context.demands.get(slot.service)
  return context.demanded.near(held, kept).some((taken) => taken !== own && collide(taken, held, kept))
}

function heldBy(container: ContainerSummary, details: Observed['details']): Holdings {
  return {
    ports: portsHeldBy(container),
    places: placesHeldBy(container),
    addresses: addressesHeldBy(container, details),
  }
}

/**
 * The volumes and directories that each container's service keeps using, by container id; containers that are removed
 * keep nothing.
 */
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

/** Best first: a removed container cannot come back. Ids that are not planned are ignored. */
function stepsThatFree(container: ContainerSummary): StepId[] {
  const address = addressOfContainer(container)
  const { id } = container
  return [stepIds.remove(address, id), stepIds.stop(address, id), stepIds.remove(address), stepIds.stop(address)]
}

/**
 * Orders starts with a range of host ports one after the other, and after starts that need one port of the range: the
 * engine does not choose again after a conflict.
 */
function orderRanges({ builder, claims }: Pick<UpContext, 'builder' | 'claims'>): void {
  const ranges = claims.filter((claim) => claim.ports.some(isRange))
  if (ranges.length === 0) return
  const others = claims.filter((claim) => !claim.ports.some(isRange))
  const turns = new Map([...others, ...ranges].map((claim, at) => [claim, at]))
  const holders = new PortHolders<ResourceClaim>(claims.flatMap(({ ports }) => ports))
  for (const claim of others) for (const port of claim.ports) holders.add(port, claim)
  for (const claim of ranges) {
    const earlier = new Set(claim.ports.flatMap((each) => holders.replace(each, claim)))
    earlier.delete(claim)
    const sorted = [...earlier].sort((a, b) => (turns.get(a) ?? 0) - (turns.get(b) ?? 0))
    for (const { step } of sorted) builder.prefer(claim.step, [step], 'settled')
  }
}
