import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import type { NetworkSpec } from '../../../../docker/spec.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { networkAddress } from '../../../../stack/address.ts'
import type { Network } from '../../../../stack/model.ts'
import { isAlive } from '../../../state.ts'
import { changesOf } from '../../compare/compare-network.ts'
import { isBound, isReplaced, keepForBound } from '../container/bound-network.ts'
import { addressOfContainer } from '../container/stop.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'
import { type ChangedNetwork, createNetwork, keepForStrangers } from './network-steps.ts'
import { connectAll, endpointOf } from './reconnect.ts'

/**
 * An engine cannot change a network: its containers are disconnected, it is removed and recreated, and all containers
 * are connected again. If the removal or the creation fails, the old state is restored. A network with containers that
 * cannot be connected again, such as those of other projects, is kept as it is.
 */
export function recreate(context: UpContext, key: string, network: Network, found: NetworkDetail): PlannedNetwork {
  const changed = { key, found, cause: `${changesOf(network, found).join(', ')} changed` }
  const members = context.lookup.membersOf(found)
  const known = new Set(members.map(({ id }) => id))
  const strangers = (context.observed.guests[found.id] ?? []).filter((id) => !known.has(id))
  if (strangers.length > 0) return keepForStrangers(context, changed, strangers)
  const guests = members.filter(isAlive)
  const stuck = guests.filter((each) => isBound(context, each, found) && !isReplaced(context, each))
  if (stuck.length > 0) return keepForBound(context, changed, stuck)
  return replaceNetwork(context, network, changed, guests)
}

function replaceNetwork(
  context: UpContext,
  network: Network,
  changed: ChangedNetwork,
  guests: ContainerSummary[],
): PlannedNetwork {
  const { key, found, cause } = changed
  const removed = context.builder.add({
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
