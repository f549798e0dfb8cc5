import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import type { EndpointSpec } from '../../../../docker/spec.ts'
import type { After, StepId } from '../../../../plan/step.ts'
import { shortId, stepIds } from '../../../../plan/step-id.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { Id } from '../../action.ts'
import { matches } from '../../observe/slots.ts'
import { addressOfContainer } from '../container/stop.ts'
import type { UpContext } from '../types.ts'

/** How containers are connected to a recreated network, or to the old one again. */
export interface Connect {
  key: string
  found: NetworkDetail
  network: Id
  after: (After | StepId | undefined)[]
  /** Set for steps that restore the old state. */
  undo?: 'connect' | 'reconnect'
}

/** Guests with fixed addresses come first: the engine gives others the lowest free one, which may be theirs. */
export function connectAll(context: UpContext, guests: ContainerSummary[], how: Connect): void {
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
export function endpointOf(
  { declared, observed }: UpContext,
  guest: ContainerSummary,
  found: NetworkDetail,
): EndpointSpec {
  const { aliases = [], ipv4, ipv6 } = observed.details[guest.id]?.networks[found.name] ?? {}
  const address = { ...(ipv4 && { IPv4Address: ipv4 }), ...(ipv6 && { IPv6Address: ipv6 }) }
  const keeps = Object.keys(address).length > 0 && matches(declared.stack, guest)
  return { Aliases: aliases.filter((alias) => alias !== shortId(guest.id)), ...(keeps && { IPAMConfig: address }) }
}
