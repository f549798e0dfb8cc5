import type { ContainerDetail, ContainerSummary, EndpointDetail, MountPoint } from '../../../src/docker/port.ts'
import type { EndpointSpec } from '../../../src/docker/spec.ts'
import { withTag } from './images.ts'
import { rfc3339, type StoredContainer, type StoredEndpoint, type World, wallTime } from './world.ts'

export function containerSummary(world: World, container: StoredContainer): ContainerSummary {
  const { spec, state, health, exitCode } = container
  const ended = container.startedAt !== undefined && (state === 'exited' || state === 'restarting')
  return {
    id: container.id,
    name: container.name,
    image: imageName(world, container),
    imageId: container.image.id,
    command: [...(spec.Entrypoint ?? []), ...(spec.Cmd ?? [])].join(' '),
    labels: { ...spec.Labels },
    state,
    status: statusOf(world, container),
    ...(health && state === 'running' ? { health: health.status } : {}),
    ...(ended ? { exitCode } : {}),
    created: Math.floor(wallTime(container.created) / 1000),
    networks: mapped(container.endpoints, ({ networkId, address = '' }) => ({ networkId, ipAddress: address })),
    networkMode: spec.HostConfig.NetworkMode ?? 'default',
    mounts: container.mounts.map(mountPoint),
    ports: portsOf(container),
  }
}

export function containerDetail(container: StoredContainer): ContainerDetail {
  const { health, startedAt, finishedAt } = container
  return {
    id: container.id,
    name: container.name,
    image: container.spec.Image,
    imageId: container.image.id,
    labels: { ...container.spec.Labels },
    state: container.state,
    running: container.state === 'running' || container.state === 'paused',
    exitCode: container.exitCode,
    oomKilled: container.oomKilled,
    error: container.error,
    ...(startedAt === undefined ? {} : { startedAt: rfc3339(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: rfc3339(finishedAt) }),
    restartCount: container.restartCount,
    ...(health ? { health: structuredClone(health) } : {}),
    spec: {
      ...structuredClone(container.spec),
      NetworkingConfig: {
        EndpointsConfig: mapped(container.endpoints, ({ spec }): EndpointSpec => structuredClone(spec)),
      },
    },
    networks: mapped(container.endpoints, endpointDetail),
    mounts: container.mounts.map(mountPoint),
  }
}

/** Once its tag has moved on, the list names an image by its id. */
function imageName(world: World, { spec, image }: StoredContainer): string {
  return world.images.get(withTag(spec.Image))?.id === image.id ? spec.Image : image.id
}

function statusOf(world: World, { state, exitCode, startedAt = 0, finishedAt = 0, health }: StoredContainer): string {
  const since = (at: number) => ageWords(Math.floor((world.clock.now() - at) / 1000))
  if (state === 'created') return 'Created'
  if (state === 'exited') return `Exited (${exitCode}) ${since(finishedAt)} ago`
  if (state === 'restarting') return `Restarting (${exitCode}) ${since(finishedAt)} ago`
  if (state === 'paused') return `Up ${since(startedAt)} (Paused)`
  const words = health && (health.status === 'starting' ? 'health: starting' : health.status)
  return `Up ${since(startedAt)}${words ? ` (${words})` : ''}`
}

function ageWords(seconds: number): string {
  if (seconds < 1) return 'Less than a second'
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}

function endpointDetail({ spec, networkId, address }: StoredEndpoint): EndpointDetail {
  const { IPv4Address: ipv4, IPv6Address: ipv6 } = spec.IPAMConfig ?? {}
  return {
    networkId,
    endpointId: address ? networkId.slice(0, 32).padEnd(64, '0') : '',
    ipAddress: address ?? '',
    aliases: [...(spec.Aliases ?? [])],
    ...(ipv4 ? { ipv4 } : {}),
    ...(ipv6 ? { ipv6 } : {}),
  }
}

function mountPoint({ anonymous: _, ...mount }: StoredContainer['mounts'][number]): MountPoint {
  return mount
}

/** Exposed ports that are not published are listed too, while the container runs. */
function portsOf({ spec, ports, state }: StoredContainer): ContainerSummary['ports'] {
  if (state !== 'running') return []
  const open = Object.keys(spec.ExposedPorts ?? {}).map((key) => ({
    target: Number.parseInt(key, 10),
    protocol: key.split('/')[1] ?? 'tcp',
  }))
  const hidden = open.filter(
    (each) => !ports.some((port) => port.target === each.target && port.protocol === each.protocol),
  )
  return [...ports, ...hidden].sort((a, b) => a.target - b.target)
}

function mapped<A, B>(map: Map<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries([...map].map(([key, value]) => [key, change(value)]))
}
