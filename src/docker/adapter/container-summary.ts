import type { ContainerInfo, Port } from 'dockerode'
import type { ContainerState, ContainerSummary, MountPoint } from '../port.ts'
import { parseStatus } from './http/status.ts'

export function containerSummary(info: ContainerInfo): ContainerSummary {
  return {
    id: info.Id,
    name: ownName(info.Names ?? []),
    image: info.Image,
    imageId: info.ImageID,
    command: info.Command,
    labels: info.Labels ?? {},
    state: info.State as ContainerState,
    status: info.Status,
    ...parseStatus(info.Status),
    created: info.Created,
    networks: networksOf(info),
    ...(info.HostConfig?.NetworkMode && { networkMode: info.HostConfig.NetworkMode }),
    mounts: (info.Mounts ?? []).map(mountPoint),
    ports: publishedPorts(info.Ports ?? []),
  }
}

export function mountPoint(mount: {
  Type?: string
  Name?: string | undefined
  Source: string
  Destination: string
  RW: boolean
  Driver?: string | undefined
}): MountPoint {
  return {
    type: mount.Type ?? 'bind',
    ...(mount.Name ? { name: mount.Name } : {}),
    source: mount.Source,
    target: mount.Destination,
    readOnly: !mount.RW,
    ...(mount.Driver ? { driver: mount.Driver } : {}),
  }
}

/** A container that others link to also appears as `/other/alias`. */
function ownName(names: string[]): string {
  const own = names.find((name) => name.lastIndexOf('/') === 0) ?? names[0] ?? ''
  return own.replace(/^\//, '')
}

function networksOf(info: ContainerInfo): ContainerSummary['networks'] {
  const networks = Object.entries(info.NetworkSettings?.Networks ?? {})
  return Object.fromEntries(
    networks.map(([name, endpoint]) => [name, { networkId: endpoint.NetworkID, ipAddress: endpoint.IPAddress }]),
  )
}

/** Sorted by target. The engine lists a port published on every address twice, for IPv4 and for IPv6. */
function publishedPorts(ports: Port[]): ContainerSummary['ports'] {
  const mapped = ports.map((port) => ({
    ...(port.IP ? { hostIp: port.IP } : {}),
    ...(port.PublicPort ? { published: port.PublicPort } : {}),
    target: port.PrivatePort,
    protocol: port.Type,
  }))
  return mapped.sort(
    (a, b) => a.target - b.target || (a.published ?? 0) - (b.published ?? 0) || familyOf(a) - familyOf(b),
  )
}

function familyOf({ hostIp = '' }: { hostIp?: string }): number {
  return hostIp.includes(':') ? 6 : 4
}
