import type { EndpointSpec } from '../../../docker/spec.ts'
import type { Attachment, Port, Service } from '../../../stack/model.ts'
import type { Draft, LowerContext, Rows } from './row.ts'

/** How the container is reached, and what it can reach. Networks themselves are joined by id: see endpointsOf. */
export const networkRows: Rows = {
  ports: (value, draft) => {
    for (const port of value) publish(port, draft)
  },
  expose: (value, draft) => {
    for (const port of value) expose(port.includes('/') ? port : `${port}/tcp`, draft)
  },
  network_mode: (value, { host }, { stack }) => {
    host.NetworkMode = sharedSpace(value, stack)
  },
  dns: (value, { host }) => {
    host.Dns = value
  },
  dns_opt: (value, { host }) => {
    host.DnsOptions = value
  },
  dns_search: (value, { host }) => {
    host.DnsSearch = value
  },
  extra_hosts: (value, { host }) => {
    host.ExtraHosts = value.map((entry) => entry.replace('=', ':'))
  },
  mac_address: (value, { spec }, { api }) => {
    if (api < 144) spec.MacAddress = value
  },
}

function publish(port: Port, draft: Draft): void {
  const key = `${port.target}/${port.protocol ?? 'tcp'}`
  expose(key, draft)
  const bindings = draft.host.PortBindings ?? {}
  const binding = { HostIp: port.host_ip ?? '', HostPort: port.published ?? '' }
  draft.host.PortBindings = { ...bindings, [key]: [...(bindings[key] ?? []), binding] }
}

function expose(key: string, { spec }: Draft): void {
  spec.ExposedPorts = { ...spec.ExposedPorts, [key]: {} }
}

/** `service:NAME` is the first container of that service. */
export function sharedSpace(mode: string, stack: LowerContext['stack']): string {
  if (!mode.startsWith('service:')) return mode
  const service = mode.slice('service:'.length)
  return `container:${stack.services[service]?.container_name ?? `${stack.name}-${service}-1`}`
}

/** The networks that a container joins, by key of the stack: highest priority first, then by name. */
export function endpointsOf(
  name: string,
  service: Service,
  containerName: string,
  api: number,
): [string, EndpointSpec][] {
  if (service.network_mode) return []
  const attachments = Object.entries(service.networks ?? {})
  const priority = (attachment: Attachment | null) => attachment?.priority ?? 0
  return attachments
    .sort(([a, first], [b, second]) => priority(second) - priority(first) || (a < b ? -1 : 1))
    .map(([key, attachment]) => [key, endpoint(name, service, attachment ?? {}, containerName, api)])
}

function endpoint(
  name: string,
  service: Service,
  attachment: Attachment,
  containerName: string,
  api: number,
): EndpointSpec {
  const { ipv4_address, ipv6_address, link_local_ips, driver_opts, gw_priority } = attachment
  const address = {
    ...(ipv4_address && { IPv4Address: ipv4_address }),
    ...(ipv6_address && { IPv6Address: ipv6_address }),
    ...(link_local_ips && { LinkLocalIPs: link_local_ips }),
  }
  const mac = attachment.mac_address ?? (api >= 144 ? service.mac_address : undefined)
  return {
    Aliases: [...new Set([containerName, name, ...(attachment.aliases ?? [])])],
    ...(Object.keys(address).length > 0 && { IPAMConfig: address }),
    ...(mac && { MacAddress: mac }),
    ...(driver_opts && { DriverOpts: driver_opts }),
    ...(gw_priority !== undefined && { GwPriority: gw_priority }),
    ...linksOf(service, containerName),
  }
}

/** `links: [db:database]` is an alias in this container's view of the network. */
function linksOf(service: Service, containerName: string): Pick<EndpointSpec, 'Links'> {
  const prefix = containerName.replace(/-[^-]+-\d+$/, '')
  const own = (service.links ?? []).map((link) => {
    const [target = '', alias = target] = link.split(':')
    return `${prefix}-${target}-1:${alias}`
  })
  const links = [...own, ...(service.external_links ?? [])]
  return links.length > 0 ? { Links: links } : {}
}
