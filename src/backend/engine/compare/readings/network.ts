import type { ContainerSpec, EndpointSpec, HostConfig } from '../../../../docker/spec.ts'
import { mapValues } from '../../../../util/object.ts'
import { portsIn } from '../../lower/network.ts'
import type { Made, Readings } from './reading.ts'
import { type AttributeValues, list, present, sorted } from './words.ts'

/** The container's networks, addresses and ports. */
export const networkReadings: Readings = {
  ports: ({ spec }) => portTexts(spec.HostConfig),
  expose: ({ spec }) => exposed(spec),
  network_mode: (made) => sharedNetwork(made),
  networks: (made) => mapValues(made.endpoints, (endpoint) => endpointView(endpoint, made)),
  mac_address: ({ spec }) => spec.MacAddress?.toLowerCase() || undefined,
  dns: ({ spec }) => list(spec.HostConfig.Dns),
  dns_search: ({ spec }) => list(spec.HostConfig.DnsSearch),
  dns_opt: ({ spec }) => list(spec.HostConfig.DnsOptions),
  extra_hosts: ({ spec }) => sorted(spec.HostConfig.ExtraHosts),
  links: (made) => linkTexts(made),
}

function portTexts(host: HostConfig): string[] | undefined {
  const texts = Object.entries(host.PortBindings ?? {}).flatMap(([target, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => {
      const published = HostIp ? `${HostIp}:${HostPort}:` : HostPort ? `${HostPort}:` : ''
      return `${published}${shortPort(target)}`
    }),
  )
  return sorted(texts)
}

function shortPort(port: string): string {
  return port.replace(/\/tcp$/, '')
}

/** A published port is always exposed as well. Docker Compose stores port ranges unexpanded. */
function exposed({ ExposedPorts, HostConfig: { PortBindings } }: ContainerSpec): string[] | undefined {
  const open = Object.keys(ExposedPorts ?? {}).flatMap(portsIn)
  return sorted(open.filter((port) => !(port in (PortBindings ?? {}))).map(shortPort))
}

/** Joined networks are compared one by one. */
function sharedNetwork({ spec, place }: Made): string | undefined {
  const mode = spec.HostConfig.NetworkMode ?? ''
  return ['host', 'none', 'bridge'].includes(mode) || mode.startsWith('container:') ? place(mode) : undefined
}

/** The engine's option for an interface name. */
const INTERFACE_NAME = 'com.docker.network.endpoint.ifname'

function endpointView(endpoint: EndpointSpec, { ownNames }: Made): AttributeValues {
  const { Aliases, IPAMConfig, MacAddress, DriverOpts, GwPriority } = endpoint
  const { [INTERFACE_NAME]: interfaceName, ...options } = DriverOpts ?? {}
  return present({
    aliases: sorted([...new Set(Aliases ?? [])].filter((name) => !ownNames.includes(name))),
    ipv4_address: IPAMConfig?.IPv4Address || undefined,
    ipv6_address: IPAMConfig?.IPv6Address || undefined,
    link_local_ips: sorted(IPAMConfig?.LinkLocalIPs),
    mac_address: MacAddress?.toLowerCase() || undefined,
    driver_opts: options,
    gw_priority: GwPriority || undefined,
    interface_name: interfaceName,
  })
}

/**
 * `db:database`, the same in every network. Docker Compose also links a container under its own names. On the default bridge, the
 * engine stores links with slashes and the container's own name: `/lab-db-1:/lab-web-1/database`.
 */
function linkTexts({ spec, endpoints, place }: Made): string[] | undefined {
  const kept = [...(spec.HostConfig.Links ?? []), ...Object.values(endpoints).flatMap(({ Links }) => Links ?? [])]
  const texts = kept.flatMap((link) => {
    const [container = '', path = container] = link.split(':').map((part) => part.replace(/^\//, ''))
    const alias = path.split('/').at(-1) ?? path
    const target = (place(`container:${container}`) ?? container).replace(/^\w+:/, '')
    return alias === container || isNumbered(alias, target) ? [] : [`${target}:${alias}`]
  })
  return sorted([...new Set(texts)])
}

/** Whether an alias is `db-1` or `lab-db-1` for the service `db`. */
function isNumbered(alias: string, service: string): boolean {
  const [, name = '', separator = ''] = /^(.*)([-_])\d+$/.exec(alias) ?? []
  return name === service || name.endsWith(`${separator || '-'}${service}`)
}
