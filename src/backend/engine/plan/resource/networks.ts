import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerSummary, NetworkDetail } from '../../../../docker/port.ts'
import type { NetworkSpec } from '../../../../docker/spec.ts'
import { fingerprint } from '../../../../plan/fingerprint.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { networkAddress } from '../../../../stack/address.ts'
import type { Network } from '../../../../stack/model.ts'
import { networkFields } from '../../../docker/fields.ts'
import { COMPOSE, CONVENTIONS, OURS } from '../../../docker/labels.ts'
import type { Id } from '../../action.ts'
import { changesOf } from '../../compare/compare-network.ts'
import type { UpContext } from '../context.ts'
import { recreate } from './recreate-network.ts'

export interface PlannedNetwork {
  id: Id
  /** The id of the network of that name that it takes the place of. */
  replaces?: string
  step?: StepId
}

/** A network that containers are to join: found, or planned to be created. `undefined` where it cannot be had. */
export function planNetwork(context: UpContext, key: string): PlannedNetwork | undefined {
  if (!context.networks.has(key)) context.networks.set(key, decideNetwork(context, key))
  return context.networks.get(key)
}

function decideNetwork(context: UpContext, key: string): PlannedNetwork | undefined {
  const network = context.declared.stack.networks[key]
  if (!network) return undefined
  const named = context.observed.networks.filter((each) => each.name === network.name)
  if (network.external) return named[0] ? { id: named[0].id } : missing(context, key, network)
  const ours = oldest(named.filter((each) => each.labels[COMPOSE.project] === context.declared.stack.name))
  if (ours)
    return changesOf(network, ours).length > 0 ? recreate(context, key, network, ours) : keepNetwork(context, key, ours)
  return named[0] ? foreign(context, key, named[0]) : createNetwork(context, key, network, 'not there yet', [])
}

/** The engine gives one name to two networks without complaint: the first of ours is the one that counts. */
export function oldest(networks: NetworkDetail[]): NetworkDetail | undefined {
  return [...networks].sort((a, b) =>
    a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1,
  )[0]
}

export function keepNetwork({ builder }: UpContext, key: string, found: NetworkDetail): PlannedNetwork {
  builder.unchanged(networkAddress(key))
  return { id: found.id }
}

export function leaveAlone(
  context: UpContext,
  key: string,
  found: NetworkDetail,
  strangers: string[],
  cause: string,
): PlannedNetwork {
  const at = context.declared.spanOf(`networks.${key}`)
  const { details } = context.observed
  const names = strangers.map((id) => details[id]?.name ?? id.slice(0, 12)).sort()
  const hint = `disconnect ${names.join(', ')} to have it recreated`
  const text = `network "${found.name}" is left as it is though ${cause}: containers of others are in it`
  context.builder.note(warning('foreign-resource', text, { at, hint }))
  return keepNetwork(context, key, found)
}

/** By id, or by name where a container that never ran knows no id yet. */
export function isIn(container: ContainerSummary, network: NetworkDetail): boolean {
  return Object.entries(container.networks).some(([name, { networkId }]) =>
    networkId === '' ? name === network.name : networkId === network.id,
  )
}

export function createNetwork(
  context: UpContext,
  key: string,
  network: Network,
  cause: string,
  after: StepId[],
): PlannedNetwork {
  const step = stepIds.create(networkAddress(key))
  context.builder.add({
    id: step,
    subject: networkAddress(key),
    verb: 'create',
    cause,
    after,
    action: { kind: 'create-network', spec: networkSpec(context.declared.stack.name, key, network) },
  })
  return { id: { ref: step, field: 'networkId' }, step }
}

function missing(context: UpContext, key: string, network: Network): undefined {
  const at = context.declared.spanOf(`networks.${key}`)
  const hint = `create it with \`docker network create ${network.name}\`, or leave out "external"`
  context.problems.push(error('unknown-resource', `external network "${network.name}" does not exist`, { at, hint }))
}

function foreign(context: UpContext, key: string, found: NetworkDetail): undefined {
  const owner = found.labels[COMPOSE.project]
  const whose = owner ? `belongs to project "${owner}"` : 'was not made for this project'
  const at = context.declared.spanOf(`networks.${key}`)
  const hint = 'declare it with "external: true" to use it, or give this one another name'
  context.problems.push(error('foreign-resource', `network "${found.name}" exists and ${whose}`, { at, hint }))
}

function networkSpec(project: string, key: string, network: Network): NetworkSpec {
  const { driver, driver_opts, internal, attachable, enable_ipv4, enable_ipv6, ipam } = network
  const pools = ipam?.config?.map(({ subnet, gateway, ip_range, aux_addresses }) => ({
    ...(subnet && { Subnet: subnet }),
    ...(gateway && { Gateway: gateway }),
    ...(ip_range && { IPRange: ip_range }),
    ...(aux_addresses && { AuxiliaryAddresses: aux_addresses }),
  }))
  return {
    Name: network.name,
    ...(driver && { Driver: driver }),
    ...(driver_opts && { Options: driver_opts }),
    ...(internal && { Internal: true }),
    ...(attachable && { Attachable: true }),
    ...(enable_ipv4 !== undefined && { EnableIPv4: enable_ipv4 }),
    ...(enable_ipv6 && { EnableIPv6: true }),
    ...((ipam?.driver || pools) && {
      IPAM: {
        Driver: ipam?.driver ?? 'default',
        ...(ipam?.options && { Options: ipam.options }),
        ...(pools && { Config: pools }),
      },
    }),
    Labels: {
      ...network.labels,
      [COMPOSE.project]: project,
      [COMPOSE.network]: key,
      [COMPOSE.version]: CONVENTIONS,
      [OURS.fingerprint]: fingerprint(networkFields(network), network.name),
    },
  }
}
