import type { ContainerDetail, ContainerSummary, ImageDetail, NetworkDetail } from '../../../../docker/port.ts'
import type { EndpointSpec } from '../../../../docker/spec.ts'
import type { Stack } from '../../../../stack/model.ts'
import { firstContainer } from '../../../../stack/names.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { Lowered } from '../../lower/lower.ts'
import type { Made } from './reading.ts'

/** Looks up the engine's names by their names in the stack file. */
export interface Names {
  stack: Stack
  service: string
  observed: { containers: ContainerSummary[]; networks: NetworkDetail[] }
}

/** The desired values. */
export function wantedMade(lowered: Lowered, names: Names, detail: ContainerDetail | undefined): Made {
  const { name, spec, endpoints, platform } = lowered
  return {
    spec,
    ...ownName(name, names),
    endpoints: Object.fromEntries(endpoints),
    ...(endpoints[0] && { first: endpoints[0][0] }),
    ownNames: ownNames(name, names, detail),
    ...(platform && { platform: platformText(platform) }),
    place: placing(names),
  }
}

/**
 * The values on the engine. Counts only networks that are declared in the stack or were created for it: a user joined the others by
 * hand.
 */
export function keptMade(
  lowered: Lowered,
  names: Names,
  detail: ContainerDetail,
  image: ImageDetail | undefined,
): Made {
  const { spec, name } = detail
  const declared = Object.entries(names.stack.networks).map(([key, network]) => [network.name, key] as const)
  const keys = new Map([...madeNetworks(names), ...declared])
  const found = Object.keys(detail.networks).flatMap((network): [string, EndpointSpec][] => {
    const key = keys.get(network)
    return key === undefined ? [] : [[key, endpointOf(detail, network)]]
  })
  const first = keys.get(networkName(spec.HostConfig.NetworkMode, names))
  return {
    spec,
    ...ownName(name, names),
    endpoints: Object.fromEntries(found),
    ...(first !== undefined && { first }),
    ownNames: ownNames(lowered.name, names, detail),
    shortId: detail.id.slice(0, 12),
    ...(image?.os && { platform: platformText(`${image.os}/${image.architecture}`) }),
    place: placing(names),
  }
}

function endpointOf({ spec, networks }: ContainerDetail, network: string): EndpointSpec {
  const { aliases: Aliases = [], mac } = networks[network] ?? {}
  return { Aliases, ...spec.NetworkingConfig?.EndpointsConfig[network], ...(mac && { MacAddress: mac }) }
}

/** The networks created for the project, by their names on the engine. */
function madeNetworks({ stack, observed }: Names): [string, string][] {
  return observed.networks
    .filter(({ labels }) => labels[COMPOSE.project] === stack.name)
    .map(({ name, labels }) => [name, labels[COMPOSE.network] ?? name])
}

/** A container joins a network by name or by id. */
function networkName(mode: string | undefined, { observed }: Names): string {
  return observed.networks.find(({ id }) => id === mode)?.name ?? mode ?? ''
}

/**
 * A container's name, unless it has the default form: `lab-web-1`, or `lab_web_1` from earlier versions of other tools, after the old
 * container's id during a replacement.
 */
function ownName(name: string, { stack, service }: Names): { name?: string } {
  const plain = name.replace(/^[0-9a-f]{12}_/, '')
  const isDefault = ['-', '_'].some((separator) => {
    const start = [stack.name, service, ''].join(separator)
    return plain.startsWith(start) && /^\d+(?:\D|$)/.test(plain.slice(start.length))
  })
  return isDefault ? {} : { name }
}

/** Engines add the id's prefix to the aliases, and set a hostname. */
function ownNames(wanted: string, { service }: Names, detail: ContainerDetail | undefined): string[] {
  const kept = detail ? [detail.name, detail.id.slice(0, 12), detail.spec.Hostname ?? ''] : []
  return [wanted, service, ...kept]
}

/** Shows `container:ID` and `container:NAME` as `service:NAME` if the container belongs to the stack. */
function placing({ stack, observed }: Names): Made['place'] {
  return (mode) => {
    if (!mode?.startsWith('container:')) return mode || undefined
    const reference = mode.slice('container:'.length)
    const found = observed.containers.find(({ id, name }) => id === reference || name === reference)
    const service = found?.labels[COMPOSE.service] ?? serviceNamed(stack, found?.name ?? reference)
    return service !== undefined && isOfStack(stack, found)
      ? `service:${service}`
      : `container:${found?.name ?? reference}`
  }
}

function isOfStack(stack: Stack, found: ContainerSummary | undefined): boolean {
  return found === undefined || found.labels[COMPOSE.project] === stack.name
}

function serviceNamed(stack: Stack, container: string): string | undefined {
  return Object.keys(stack.services).find((service) => firstContainer(stack, service) === container)
}

const ARCHITECTURES: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' }

/** `os/architecture`: an image's details do not contain the variant. */
function platformText(platform: string): string {
  const [os = '', architecture = ''] = platform.toLowerCase().split('/')
  return `${os}/${ARCHITECTURES[architecture] ?? architecture}`
}
