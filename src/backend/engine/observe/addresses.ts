import type { ContainerSummary } from '../../../docker/port.ts'
import type { Attachment, Stack } from '../../../stack/model.ts'
import { primaryNetwork } from '../../../stack/networks.ts'
import type { Observed } from './observed.ts'
import { isInUse } from './writable-mounts.ts'

/** The declared static addresses of a service's containers, each with the name of its network. */
export function addressesOf(stack: Stack, name: string): string[] {
  const service = stack.services[name] ?? {}
  const primary = primaryNetwork(service)
  return Object.entries(service.networks ?? {}).flatMap(([key, attachment]) => {
    const {
      ipv4_address,
      ipv6_address,
      mac_address = key === primary ? service.mac_address : undefined,
    } = attachment ?? {}
    return named(stack.networks[key]?.name ?? key, [ipv4_address, ipv6_address, mac_address])
  })
}

/** Whether the stack declares addresses that container lists omit: then containers that may have to release one are inspected. */
export function wantsUnlisted({ services }: Stack): boolean {
  const isUnlisted = (each: Attachment | null) => (each?.ipv6_address ?? each?.mac_address) !== undefined
  return Object.values(services).some(
    (service) => service.mac_address !== undefined || Object.values(service.networks ?? {}).some(isUnlisted),
  )
}

/** A container's current addresses. Lists contain IPv4 addresses only; containers that may release others have been inspected. */
export function addressesHeldBy(container: ContainerSummary, details: Observed['details']): string[] {
  if (!isInUse(container)) return []
  const { networks = {}, spec } = details[container.id] ?? {}
  const endpoints = spec?.NetworkingConfig?.EndpointsConfig ?? {}
  return Object.entries(container.networks).flatMap(([name, { ipAddress }]) =>
    named(name, [ipAddress, networks[name]?.ipv6, endpoints[name]?.MacAddress, spec?.MacAddress]),
  )
}

function named(network: string, addresses: (string | undefined)[]): string[] {
  return addresses.flatMap((each) => (each ? [`${network} ${canonical(each)}`] : []))
}

/** An IPv6 address has many spellings, but only one in a URL (WHATWG URL, IPv6 serializer). MAC addresses differ only in case. */
function canonical(address: string): string {
  const url = `http://[${address}]`
  return URL.canParse(url) ? new URL(url).hostname : address.toLowerCase()
}
