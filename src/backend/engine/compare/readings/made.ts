import type { ContainerDetail, ContainerSummary, ImageDetail, NetworkDetail } from '../../../../docker/port.ts'
import type { EndpointSpec } from '../../../../docker/spec.ts'
import type { Stack } from '../../../../stack/model.ts'
import { firstContainer } from '../../../../stack/names.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { Lowered } from '../../lower/lower.ts'
import type { Made } from './reading.ts'

/** Names of the engine by their names in the stack file. */
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

/** What the engine has. Networks count that are declared somewhere in the stack, or were made for it: others were joined by hand. */
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

/** The networks that were made for the project, by the engine's name for them. */
function madeNetworks({ stack, observed }: Names): [string, string][] {
  return observed.networks
    .filter(({ labels }) => labels[COMPOSE.project] === stack.name)
    .map(({ name, labels }) => [name, labels[COMPOSE.network] ?? name])
}

/** A network is joined by its name or by its id. */
function networkName(mode: string | undefined, { observed }: Names): string {
  return observed.networks.find(({ id }) => id === mode)?.name ?? mode ?? ''
}

/** `lab-web-1`, or as earlier versions of other tools had it `lab_web_1`; a container that takes another's place has its id before. */
function ownName(name: string, { stack, service }: Names): { name?: string } {
  const plain = name.replace(/^[0-9a-f]{12}_/, '')
  const isDefault = ['-', '_'].some((separator) => {
    const start = [stack.name, service, ''].join(separator)
    return plain.startsWith(start) && /^\d+(?:\D|$)/.test(plain.slice(start.length))
  })
  return isDefault ? {} : { name }
}

/** Engines add the start of the id to the aliases, and a hostname. */
function ownNames(wanted: string, { service }: Names, detail: ContainerDetail | undefined): string[] {
  const kept = detail ? [detail.name, detail.id.slice(0, 12), detail.spec.Hostname ?? ''] : []
  return [wanted, service, ...kept]
}

/** `container:ID` and `container:NAME` as `service:NAME` where it is one of the stack. */
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

/** `os/architecture`: an image's details do not contain its variant. */
function platformText(platform: string): string {
  const [os = '', architecture = ''] = platform.toLowerCase().split('/')
  return `${os}/${ARCHITECTURES[architecture] ?? architecture}`
}
