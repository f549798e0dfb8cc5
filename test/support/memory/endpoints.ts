import type { ContainerSpec } from '../../../src/docker/spec.ts'
import { containerOf, findNetwork } from './lookup.ts'
import {
  emit,
  minorOf,
  refuse,
  type StoredContainer,
  type StoredEndpoint,
  type StoredNetwork,
  type World,
} from './world.ts'

/** Engines before it take one network when a container is created. */
const SEVERAL_NETWORKS = 44
const LOOKS_UP_MODE = 44
const WITHOUT_NETWORK = ['none', 'host']

/** The endpoints of a new container, by the names of networks. They are looked up here for their names only: starting looks again. */
export function endpointsFor(world: World, spec: ContainerSpec): StoredContainer['endpoints'] {
  const mode = spec.HostConfig.NetworkMode ?? 'default'
  if (mode.startsWith('container:')) return new Map()
  const asked = Object.entries(spec.NetworkingConfig?.EndpointsConfig ?? {})
  if (asked.length > 1 && minorOf(world) < SEVERAL_NETWORKS) {
    refuse(400, `Container cannot be connected to network endpoints: ${asked.map(([name]) => name).join(', ')}`)
  }
  const given = asked.length > 0 ? asked : [[mode === 'default' ? 'bridge' : mode, {}] as const]
  const nameOf = (reference: string) => world.networks.get(reference)?.spec.Name ?? reference
  return new Map(given.map(([name, endpoint]) => [nameOf(name), { spec: structuredClone(endpoint), networkId: '' }]))
}

/** All of a starting container's networks, or none of them. */
export function attachAll(world: World, container: StoredContainer): void {
  joinedContainer(world, container)
  const attached: string[] = []
  try {
    for (const name of container.endpoints.keys()) {
      attach(world, container, name)
      attached.push(name)
    }
  } catch (error) {
    for (const name of attached) detach(world, container, name)
    throw error
  }
}

export function detachAll(world: World, container: StoredContainer): void {
  for (const name of container.endpoints.keys()) detach(world, container, name)
}

export function attach(world: World, container: StoredContainer, name: string): void {
  const endpoint = container.endpoints.get(name)
  if (!endpoint || WITHOUT_NETWORK.includes(name)) return
  const network = networkFor(world, name, endpoint)
  lookUpMode(world, container)
  endpoint.address = addressFor(world, network, endpoint)
  endpoint.networkId = network.id
  if (!network.predefined) {
    const aliases = endpoint.spec.Aliases ?? []
    endpoint.spec.Aliases = [...new Set([...aliases, container.id.slice(0, 12)])]
  }
  emit(world, 'network', 'connect', network.id, attributesOf(container, network))
}

export function detach(world: World, container: StoredContainer, name: string): void {
  const endpoint = container.endpoints.get(name)
  if (endpoint?.address === undefined) return
  delete endpoint.address
  const network = world.networks.get(endpoint.networkId)
  if (network) emit(world, 'network', 'disconnect', network.id, attributesOf(container, network))
}

/** Newer engines look it up at every connection: the network of that id, or of that name. */
function lookUpMode(world: World, { spec }: StoredContainer): void {
  const mode = spec.HostConfig.NetworkMode ?? 'default'
  if (minorOf(world) < LOOKS_UP_MODE || mode === 'default' || findNetwork(world, mode)) return
  refuse(404, `could not find a network matching network mode ${mode}: network ${mode} not found`)
}

/** Once started, a container insists on the very network; before, any of that name will do, if it is the only one. */
function networkFor(world: World, name: string, endpoint: StoredEndpoint): StoredNetwork {
  if (endpoint.networkId) {
    return world.networks.get(endpoint.networkId) ?? refuse(404, `network ${endpoint.networkId} not found`)
  }
  return findNetwork(world, name) ?? refuse(404, `network ${name} not found`)
}

function addressFor(world: World, network: StoredNetwork, endpoint: StoredEndpoint): string {
  const taken = new Set(
    [...world.containers.values()]
      .flatMap(({ endpoints }) => [...endpoints.values()])
      .filter((each) => each.networkId === network.id)
      .map((each) => each.address),
  )
  const wanted = endpoint.spec.IPAMConfig?.IPv4Address
  if (wanted && taken.has(wanted)) refuse(403, 'Address already in use')
  if (wanted) return wanted
  const prefix = network.subnet.split('.').slice(0, 2).join('.')
  for (let host = 2; ; host++) {
    const address = `${prefix}.${Math.floor(host / 256)}.${host % 256}`
    if (!taken.has(address)) return address
  }
}

function joinedContainer(world: World, container: StoredContainer): void {
  const mode = container.spec.HostConfig.NetworkMode ?? ''
  if (!mode.startsWith('container:')) return
  const joined = containerOf(world, mode.slice('container:'.length))
  if (joined.state !== 'running') refuse(409, `cannot join network of a non running container: ${joined.id}`)
}

function attributesOf(container: StoredContainer, network: StoredNetwork): Record<string, string> {
  return { container: container.id, name: network.spec.Name, type: network.spec.Driver ?? 'bridge' }
}
