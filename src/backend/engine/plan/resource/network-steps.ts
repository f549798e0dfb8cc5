import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { NetworkDetail } from '../../../../docker/port.ts'
import type { NetworkSpec } from '../../../../docker/spec.ts'
import { fingerprint } from '../../../../plan/fingerprint.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { networkAddress } from '../../../../stack/address.ts'
import type { Network } from '../../../../stack/model.ts'
import { networkFields } from '../../../docker/fields.ts'
import { COMPOSE, CONVENTIONS, OURS } from '../../../docker/labels.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'

export function keepNetwork({ builder }: UpContext, key: string, found: NetworkDetail): PlannedNetwork {
  builder.unchanged(networkAddress(key))
  return { id: found.id }
}

/** A network that differs from its declaration. */
export interface ChangedNetwork {
  key: string
  found: NetworkDetail
  /** A description of the change. */
  cause: string
}

export function keepForStrangers(
  context: UpContext,
  { key, found, cause }: ChangedNetwork,
  strangers: string[],
): PlannedNetwork {
  const at = context.declared.spanOf(`networks.${key}`)
  const { details } = context.observed
  const names = strangers.map((id) => details[id]?.name ?? id.slice(0, 12)).sort()
  const hint = `disconnect ${names.join(', ')} so that it can be recreated`
  const text = `network "${found.name}" is kept although ${cause}: containers from outside this project are connected to it`
  context.builder.note(warning('foreign-resource', text, { at, hint }))
  return keepNetwork(context, key, found)
}

export function createNetwork(
  context: UpContext,
  key: string,
  network: Network,
  { cause, after }: { cause: string; after: StepId[] },
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

function networkSpec(project: string, key: string, network: Network): NetworkSpec {
  const { driver, driver_opts, internal, attachable, enable_ipv4, enable_ipv6 } = network
  return {
    Name: network.name,
    ...(driver && { Driver: driver }),
    ...(driver_opts && { Options: driver_opts }),
    ...(internal && { Internal: true }),
    ...(attachable && { Attachable: true }),
    ...(enable_ipv4 !== undefined && { EnableIPv4: enable_ipv4 }),
    ...(enable_ipv6 && { EnableIPv6: true }),
    ...addressManagement(network),
    Labels: {
      ...network.labels,
      [COMPOSE.project]: project,
      [COMPOSE.network]: key,
      [COMPOSE.version]: CONVENTIONS,
      [OURS.fingerprint]: fingerprint(networkFields(network), network.name),
    },
  }
}

function addressManagement({ ipam }: Network): Pick<NetworkSpec, 'IPAM'> {
  if (!ipam?.driver && !ipam?.config) return {}
  const pools = ipam.config?.map(({ subnet, gateway, ip_range, aux_addresses }) => ({
    ...(subnet && { Subnet: subnet }),
    ...(gateway && { Gateway: gateway }),
    ...(ip_range && { IPRange: ip_range }),
    ...(aux_addresses && { AuxiliaryAddresses: aux_addresses }),
  }))
  const options = ipam.options && { Options: ipam.options }
  return { IPAM: { Driver: ipam.driver ?? 'default', ...options, ...(pools && { Config: pools }) } }
}
