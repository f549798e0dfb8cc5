import type { NetworkCalls, NetworkDetail } from '../../../src/docker/port.ts'
import type { EndpointSpec, NetworkSpec } from '../../../src/docker/spec.ts'
import { attach, detach } from './endpoints.ts'
import { containerOf, findNetwork, matchesFilter, networkOf } from './lookup.ts'
import { emit, minorOf, newId, refuse, rfc3339, type StoredContainer, type StoredNetwork, type World } from './world.ts'

/** Engines from this API version on refuse a second network of one name. */
const UNIQUE_NAMES = 44

export function networkCalls(world: World): NetworkCalls {
  return {
    async listNetworks(filter) {
      return [...world.networks.values()].map(networkDetail).filter((network) => matchesFilter(filter, network))
    },
    async inspectNetwork(reference) {
      const network = findNetwork(world, reference)
      return network && { ...networkDetail(network), containers: containersOn(world, network).map(({ id }) => id) }
    },
    async createNetwork(spec) {
      checkNewNetwork(world, spec)
      return { id: addNetwork(world, spec).id }
    },
    async removeNetwork(reference) {
      removeNetwork(world, networkOf(world, reference))
    },
    async connectNetwork(reference, id, endpoint) {
      const container = containerOf(world, id)
      const network = findNetwork(world, reference)
      // A container that does not run notes the name; what is missing is missed when it starts.
      if (!network && container.state === 'running') refuse(404, `network ${reference} not found`)
      connect(world, container, network?.spec.Name ?? reference, structuredClone(endpoint))
    },
    async disconnectNetwork(reference, id) {
      const container = containerOf(world, id)
      const isKept = container.state !== 'running' && container.endpoints.has(reference)
      const { Name } = (isKept ? findNetwork(world, reference) : networkOf(world, reference))?.spec ?? {
        Name: reference,
      }
      disconnect(world, container, Name)
    },
  }
}

function connect(world: World, container: StoredContainer, name: string, spec: EndpointSpec): void {
  if (container.state !== 'running') {
    if (!container.endpoints.has(name)) container.endpoints.set(name, { spec, networkId: '' })
    return
  }
  if (container.endpoints.has(name)) {
    refuse(403, `endpoint with name ${container.name} already exists in network ${name}`)
  }
  container.endpoints.set(name, { spec, networkId: '' })
  try {
    attach(world, container, name)
  } catch (error) {
    container.endpoints.delete(name)
    throw error
  }
}

function disconnect(world: World, container: StoredContainer, name: string): void {
  if (!container.endpoints.has(name)) refuse(500, `container ${container.id} is not connected to network ${name}`)
  detach(world, container, name)
  container.endpoints.delete(name)
}

export function addNetwork(world: World, spec: NetworkSpec, predefined = false): StoredNetwork {
  const id = newId(world, 'network')
  const subnet = spec.IPAM?.Config?.[0]?.Subnet ?? freeSubnet(world)
  const network = { id, spec: structuredClone(spec), created: world.clock.now(), predefined, subnet }
  world.networks.set(id, network)
  emit(world, 'network', 'create', id, { name: spec.Name, type: spec.Driver ?? 'bridge' })
  return network
}

function checkNewNetwork(world: World, spec: NetworkSpec): void {
  const all = [...world.networks.values()]
  const same = all.filter((network) => network.spec.Name === spec.Name)
  if (same.some((network) => network.predefined)) {
    refuse(403, `operation is not permitted on predefined ${spec.Name} network `)
  }
  if (same.length > 0 && minorOf(world) >= UNIQUE_NAMES) refuse(409, `network with name ${spec.Name} already exists`)
  const subnet = spec.IPAM?.Config?.[0]?.Subnet
  if (subnet && all.some((network) => overlap(network.subnet, subnet))) {
    refuse(403, 'Pool overlaps with other one on this address space')
  }
}

function removeNetwork(world: World, network: StoredNetwork): void {
  const { Name } = network.spec
  if (network.predefined) refuse(403, `${Name} is a pre-defined network and cannot be removed`)
  if (containersOn(world, network).length > 0) {
    refuse(403, `error while removing network: network ${Name} id ${network.id} has active endpoints`)
  }
  world.networks.delete(network.id)
  emit(world, 'network', 'destroy', network.id, { name: Name, type: network.spec.Driver ?? 'bridge' })
}

/** Those that run: others hold no endpoint. */
function containersOn(world: World, network: StoredNetwork): StoredContainer[] {
  const holds = ({ endpoints }: StoredContainer) =>
    [...endpoints.values()].some(({ networkId, address }) => networkId === network.id && address !== undefined)
  return [...world.containers.values()].filter(holds)
}

function freeSubnet(world: World): string {
  const taken = [...world.networks.values()].map(({ subnet }) => subnet)
  for (let second = 17; ; second++) {
    const subnet = `172.${second}.0.0/16`
    if (!taken.some((each) => overlap(each, subnet))) return subnet
  }
}

function overlap(a: string, b: string): boolean {
  const [, lengthOfA] = a.split('/')
  const [, lengthOfB] = b.split('/')
  const bits = Math.min(Number(lengthOfA), Number(lengthOfB))
  return bitsOf(a).slice(0, bits) === bitsOf(b).slice(0, bits)
}

function bitsOf(subnet: string): string {
  const bytes = (subnet.split('/')[0] ?? '').split('.')
  return bytes.map((byte) => Number(byte).toString(2).padStart(8, '0')).join('')
}

function networkDetail({ id, spec, created, subnet }: StoredNetwork): NetworkDetail {
  const asked = spec.IPAM?.Config?.[0]
  const pool = {
    subnet,
    ...(asked?.Gateway ? { gateway: asked.Gateway } : asked ? {} : { gateway: subnet.replace(/0\/\d+$/, '1') }),
    ...(asked?.IPRange ? { ipRange: asked.IPRange } : {}),
  }
  return {
    id,
    name: spec.Name,
    driver: spec.Driver ?? 'bridge',
    labels: spec.Labels ?? {},
    internal: spec.Internal ?? false,
    attachable: spec.Attachable ?? false,
    enableIPv6: spec.EnableIPv6 ?? false,
    options: spec.Options ?? {},
    ipam: { driver: spec.IPAM?.Driver ?? 'default', config: [pool] },
    created: rfc3339(created),
  }
}
