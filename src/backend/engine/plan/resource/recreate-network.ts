import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import type { EndpointSpec, NetworkSpec } from '../../../../docker/spec.ts'
import type { After, StepId } from '../../../../plan/step.ts'
import { shortId, stepIds } from '../../../../plan/step-id.ts'
import { networkAddress } from '../../../../stack/address.ts'
import type { Network } from '../../../../stack/model.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { isAlive } from '../../../state.ts'
import type { Id } from '../../action.ts'
import { changesOf } from '../../compare/compare-network.ts'
import { isIn } from '../../observe/networks.ts'
import { matches } from '../../observe/slots.ts'
import { isBound, isReplaced, keepForBound } from '../container/bound-network.ts'
import { addressOfContainer } from '../container/stop.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'
import { type ChangedNetwork, createNetwork, keepForStrangers } from './network-steps.ts'

/**
 * An engine cannot change a network: its containers are disconnected, it is removed and recreated, and all containers
 * are connected again. If the removal or the creation fails, the old state is restored. A network with containers that
 * cannot be connected again, such as those of other projects, is kept as it is.
 */
export function recreate(context: UpContext, key: string, network: Network, found: NetworkDetail): PlannedNetwork {
  const { builder, observed } = context
  const cause = `${changesOf(network, found).join(', ')} changed`
  const changed = { key, found, cause }
  const members = observed.containers.filter((each) => isIn(each, found))
  const strangers = (observed.guests[found.id] ?? []).filter((id) => !members.some((each) => each.id === id))
  if (strangers.length > 0) return keepForStrangers(context, changed, strangers)
  const guests = members.filter(isAlive)
  const stuck = guests.filter((each) => isBound(context, each, found) && !isReplaced(context, each))
  if (stuck.length > 0) return keepForBound(context, changed, stuck)
  const removed = builder.add({
    id: stepIds.remove(networkAddress(key)),
    subject: networkAddress(key),
    verb: 'remove',
    cause,
    after: guests.map((guest) => disconnect(context, changed, guest)),
    action: { kind: 'remove-network', id: found.id, name: found.name },
  })
  const created = createNetwork(context, key, network, { cause, after: [removed] })
  const staying = guests.filter((guest) => !isGoing(context, changed, guest))
  const free = staying.filter((guest) => !isBound(context, guest, found))
  connectAll(context, free, { key, found, network: created.id, after: [created.step] })
  addUndo(context, { key, found, guests: staying, free }, removed, created.step)
  return { ...created, replaces: found.id }
}

/** Whether this plan removes the container, which then happens once it is disconnected. */
function isGoing({ builder }: UpContext, { key }: ChangedNetwork, guest: ContainerSummary): boolean {
  const subject = addressOfContainer(guest)
  const removal = stepIds.remove(subject, guest.id)
  if (!builder.has(removal)) return false
  builder.prefer(removal, [stepIds.disconnect(subject, key, guest.id)], 'settled')
  return true
}

function disconnect(context: UpContext, { key, found, cause }: ChangedNetwork, guest: ContainerSummary): StepId {
  const subject = addressOfContainer(guest)
  return context.builder.add({
    id: stepIds.disconnect(subject, key, guest.id),
    subject,
    verb: 'disconnect',
    cause: `network "${key}" is recreated: ${cause}`,
    action: {
      kind: 'disconnect-network',
      network: found.id,
      container: guest.id,
      leaving: { network: found.name, endpoint: endpointOf(context, guest, found) },
    },
  })
}

interface Connect {
  key: string
  found: NetworkDetail
  network: Id
  after: (After | StepId | undefined)[]
  /** Set for steps that restore the old state. */
  undo?: 'connect' | 'reconnect'
}

/** Guests with fixed addresses come first: the engine gives others the lowest free one, which may be theirs. */
function connectAll(context: UpContext, guests: ContainerSummary[], how: Connect): void {
  const isFixed = (guest: ContainerSummary) => endpointOf(context, guest, how.found).IPAMConfig !== undefined
  const fixed = guests.filter(isFixed).map((guest) => {
    const step = connect(context, guest, how)
    if (!how.undo) context.starts.push({ step, service: guest.labels[COMPOSE.service] ?? '', reconnects: true })
    return step
  })
  const after = [...how.after, ...fixed.map((step) => ({ step, on: 'settled' as const }))]
  for (const guest of guests) if (!isFixed(guest)) connect(context, guest, { ...how, after })
}

function connect(context: UpContext, guest: ContainerSummary, { key, found, network, after, undo }: Connect): StepId {
  const subject = addressOfContainer(guest)
  return context.builder.add({
    id: undo
      ? stepIds.undo('undo', undo, subject, key, shortId(guest.id))
      : stepIds.connect(subject, key, { container: guest.id }),
    ...(undo && { phase: 'undo' }),
    subject,
    verb: 'connect',
    cause: `network "${key}" is recreated`,
    after,
    action: {
      kind: 'connect-network',
      network,
      container: guest.id,
      endpoint: endpointOf(context, guest, found),
      returning: found.name,
    },
  })
}

/**
 * The old endpoint; with its static address only if the container is unchanged, since another one may claim the address
 * now.
 */
function endpointOf({ declared, observed }: UpContext, guest: ContainerSummary, found: NetworkDetail): EndpointSpec {
  const { aliases = [], ipv4, ipv6 } = observed.details[guest.id]?.networks[found.name] ?? {}
  const address = { ...(ipv4 && { IPv4Address: ipv4 }), ...(ipv6 && { IPv6Address: ipv6 }) }
  const keeps = Object.keys(address).length > 0 && matches(declared.stack, guest)
  return { Aliases: aliases.filter((alias) => alias !== shortId(guest.id)), ...(keeps && { IPAMConfig: address }) }
}

interface Recreated {
  key: string
  found: NetworkDetail
  guests: ContainerSummary[]
  /** The guests that can join the new network. */
  free: ContainerSummary[]
}

function addUndo(
  context: UpContext,
  { key, found, guests, free }: Recreated,
  removed: StepId,
  created: StepId | undefined,
): void {
  if (!created) return
  const cause = 'the new network cannot be created: the old one is restored'
  const restored = context.builder.add({
    id: stepIds.undo('undo', 'create', networkAddress(key)),
    subject: networkAddress(key),
    verb: 'create',
    phase: 'undo',
    cause,
    after: [removed, { step: created, on: 'failure' }],
    action: { kind: 'create-network', spec: specOf(found) },
  })
  const restoredId = { ref: restored, field: 'networkId' }
  const stays = [{ step: removed, on: 'failure' as const }]
  connectAll(context, guests, { key, found, network: found.id, after: stays, undo: 'connect' })
  const after = [restored, { step: created, on: 'failure' as const }]
  connectAll(context, free, { key, found, network: restoredId, after, undo: 'reconnect' })
}

function specOf(found: NetworkDetail): NetworkSpec {
  const pools = found.ipam.config.map(({ subnet, gateway, ipRange }) => ({
    ...(subnet && { Subnet: subnet }),
    ...(gateway && { Gateway: gateway }),
    ...(ipRange && { IPRange: ipRange }),
  }))
  return {
    Name: found.name,
    Driver: found.driver,
    Internal: found.internal,
    Attachable: found.attachable,
    EnableIPv6: found.enableIPv6,
    Options: found.options,
    Labels: found.labels,
    IPAM: { Driver: found.ipam.driver, Config: pools },
  }
}
