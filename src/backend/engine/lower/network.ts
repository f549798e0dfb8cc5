import type { EndpointSpec } from '../../../docker/spec.ts'
import type { Attachment, Port, Service, Stack } from '../../../stack/model.ts'
import { containerName, firstContainer } from '../../../stack/names.ts'
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
export function sharedSpace(mode: string, stack: Stack): string {
  return mode.startsWith('service:') ? `container:${firstContainer(stack, mode.slice('service:'.length))}` : mode
}

/** The networks that a container joins, by key of the stack: highest priority first, then by name. */
export function endpointsOf(context: LowerContext): [string, EndpointSpec][] {
  const { service } = context
  if (service.network_mode) return []
  const attachments = Object.entries(service.networks ?? {})
  const priority = (attachment: Attachment | null) => attachment?.priority ?? 0
  return attachments
    .sort(([a, first], [b, second]) => priority(second) - priority(first) || (a < b ? -1 : 1))
    .map(([key, attachment]) => [key, endpoint(context, attachment ?? {})])
}

function endpoint({ stack, name, service, index, api }: LowerContext, attachment: Attachment): EndpointSpec {
  const { ipv4_address, ipv6_address, link_local_ips, driver_opts, gw_priority } = attachment
  const address = {
    ...(ipv4_address && { IPv4Address: ipv4_address }),
    ...(ipv6_address && { IPv6Address: ipv6_address }),
    ...(link_local_ips && { LinkLocalIPs: link_local_ips }),
  }
  const mac = attachment.mac_address ?? (api >= 144 ? service.mac_address : undefined)
  return {
    Aliases: [...new Set([containerName(stack, name, service, index), name, ...(attachment.aliases ?? [])])],
    ...(Object.keys(address).length > 0 && { IPAMConfig: address }),
    ...(mac && { MacAddress: mac }),
    ...(driver_opts && { DriverOpts: driver_opts }),
    ...(gw_priority !== undefined && { GwPriority: gw_priority }),
    ...linksOf(service, stack),
  }
}

/** `links: [db:database]` is an alias in this container's view of the network. */
function linksOf(service: Service, stack: Stack): Pick<EndpointSpec, 'Links'> {
  const own = (service.links ?? []).map((link) => {
    const [target = '', alias = target] = link.split(':')
    return `${firstContainer(stack, target)}:${alias}`
  })
  const links = [...own, ...(service.external_links ?? [])]
  return links.length > 0 ? { Links: links } : {}
}
