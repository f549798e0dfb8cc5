import type { EndpointSpec } from '../../../docker/spec.ts'
import type { Attachment, Port, Service, Stack } from '../../../stack/model.ts'
import { containerName, firstContainer } from '../../../stack/names.ts'
import { attachmentsOf, primaryNetwork } from '../../../stack/networks.ts'
import { type Draft, type LowerContext, type Rows, texts } from './row.ts'

/** The container's network settings. It joins the networks themselves by id: see endpointsOf. */
export const networkRows = {
  ports: (value, draft) => {
    for (const port of value) publish(port, draft)
  },
  expose: (value, draft) => {
    for (const port of value) for (const each of portsIn(port)) expose(each, draft)
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
  mac_address: (value, { spec }, { api, service }) => {
    if (api < 144 || service.network_mode) spec.MacAddress = value
  },
  networks: (_value, { spec }, context) => {
    const primary = context.service.networks?.[primaryNetwork(context.service) ?? '']
    if (context.api < 144 && primary?.mac_address) spec.MacAddress = primary.mac_address
  },
  links: (_value, { host }, { service, stack }) => {
    if (service.network_mode) Object.assign(host, linksOf(service, stack))
  },
  external_links: (_value, { host }, { service, stack }) => {
    if (service.network_mode) Object.assign(host, linksOf(service, stack))
  },
} satisfies Rows

function publish(port: Port, draft: Draft): void {
  const key = `${port.target}/${port.protocol ?? 'tcp'}`
  expose(key, draft)
  draft.host.PortBindings ??= {}
  draft.host.PortBindings[key] ??= []
  draft.host.PortBindings[key].push({ HostIp: port.host_ip ?? '', HostPort: port.published ?? '' })
}

function expose(key: string, { spec }: Draft): void {
  spec.ExposedPorts ??= {}
  spec.ExposedPorts[key] = {}
}

/** Expands `3000` and `3000-3005/udp`. */
export function portsIn(text: string): string[] {
  const [range = '', protocol = 'tcp'] = text.split('/')
  const [first = '', last = first] = range.split('-')
  const count = Number(last) - Number(first) + 1
  return Array.from({ length: count }, (_, i) => `${Number(first) + i}/${protocol}`)
}

/** `service:NAME` means the first container of that service. */
export function sharedSpace(mode: string, stack: Stack): string {
  return mode.startsWith('service:') ? `container:${firstContainer(stack, mode.slice('service:'.length))}` : mode
}

/** The networks that a container joins, by network key: highest priority first, then by name. */
export function endpointsOf(context: LowerContext): [string, EndpointSpec][] {
  if (context.service.network_mode) return []
  return attachmentsOf(context.service).map(([key, attachment], i) => [key, endpoint(context, attachment, i === 0)])
}

/** The service's own MAC address applies to the first network; engines before API 1.44 read it from the container instead. */
function endpoint(context: LowerContext, attachment: Attachment, isFirst: boolean): EndpointSpec {
  const { stack, name, service, index, api } = context
  const { gw_priority } = attachment
  const addresses = addressesOf(attachment)
  const options = driverOptions(attachment, api)
  const mac = attachment.mac_address ?? (isFirst ? service.mac_address : undefined)
  return {
    Aliases: [...new Set([containerName(stack, name, service, index), name, ...(attachment.aliases ?? [])])],
    ...(addresses && { IPAMConfig: addresses }),
    ...(mac && api >= 144 && { MacAddress: mac }),
    ...(options && { DriverOpts: options }),
    ...(gw_priority !== undefined && api >= 148 && { GwPriority: gw_priority }),
    ...linksOf(service, stack),
  }
}

function addressesOf({ ipv4_address, ipv6_address, link_local_ips }: Attachment): EndpointSpec['IPAMConfig'] {
  const addresses = {
    ...(ipv4_address && { IPv4Address: ipv4_address }),
    ...(ipv6_address && { IPv6Address: ipv6_address }),
    ...(link_local_ips && { LinkLocalIPs: link_local_ips }),
  }
  return Object.keys(addresses).length > 0 ? addresses : undefined
}

/** The option for an interface name, supported from API 1.49 on (moby, libnetwork/netlabel). */
const INTERFACE_NAME = 'com.docker.network.endpoint.ifname'

function driverOptions({ driver_opts, interface_name }: Attachment, api: number): EndpointSpec['DriverOpts'] {
  const named = interface_name !== undefined && api >= 149 ? { [INTERFACE_NAME]: interface_name } : {}
  const options = { ...texts(driver_opts ?? {}), ...named }
  return Object.keys(options).length > 0 ? options : undefined
}

/** `links: [db:database]` becomes an alias that only this container sees in the network. */
function linksOf(service: Service, stack: Stack): Pick<EndpointSpec, 'Links'> {
  const own = (service.links ?? []).map((link) => {
    const [target = '', alias = target] = link.split(':')
    return `${firstContainer(stack, target)}:${alias}`
  })
  const links = [...own, ...(service.external_links ?? [])]
  return links.length > 0 ? { Links: links } : {}
}
