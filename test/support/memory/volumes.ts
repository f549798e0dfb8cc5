import type { VolumeCalls, VolumeDetail } from '../../../src/docker/port.ts'
import type { ContainerSpec } from '../../../src/docker/spec.ts'
import { containerOf, matchesFilter } from './lookup.ts'
import { emit, newId, refuse, type StoredContainer, type StoredImage, type World } from './world.ts'

type Mounts = StoredContainer['mounts']

export function volumeCalls(world: World): VolumeCalls {
  return {
    async listVolumes(filter) {
      return [...world.volumes.values()]
        .filter((volume) => matchesFilter(filter, volume))
        .map((volume) => ({ ...volume }))
    },
    async inspectVolume(name) {
      const volume = world.volumes.get(name)
      return volume && { ...volume }
    },
    // One that exists is left as it is, whatever else is asked for.
    async createVolume({ Name, Driver, Labels, DriverOpts }) {
      if (Driver && Driver !== 'local') {
        refuse(404, `create ${Name}: error looking up volume plugin ${Driver}: plugin "${Driver}" not found`)
      }
      ensureVolume(world, Name, Labels ?? {}, DriverOpts ?? {})
    },
    async removeVolume(name) {
      if (!world.volumes.has(name)) refuse(404, `get ${name}: no such volume`)
      const users = usersOf(world, name)
      if (users.length > 0) refuse(409, `remove ${name}: volume is in use - [${users.join(', ')}]`)
      deleteVolume(world, name)
    },
  }
}

/** The mounts of a new container. Volumes that do not exist are made, with or without a name. */
export function mountsFor(world: World, spec: ContainerSpec, image: StoredImage): Mounts {
  const mounts = [...borrowed(world, spec), ...declared(world, spec), ...bound(world, spec)]
  const targets = [...Object.keys(spec.Volumes ?? {}), ...(image.fixture.volumes ?? [])]
  for (const target of targets) {
    if (!mounts.some((mount) => mount.target === target)) mounts.push(anonymous(world, target))
  }
  return mounts
}

/** `rm -v` takes those without a name of their own, unless another container uses them. */
export function removeAnonymous(world: World, container: StoredContainer): void {
  for (const { name, anonymous } of container.mounts) {
    if (name && anonymous && usersOf(world, name).length === 0) deleteVolume(world, name)
  }
}

function borrowed(world: World, spec: ContainerSpec): Mounts {
  return (spec.HostConfig.VolumesFrom ?? []).flatMap((entry) => {
    const [reference = '', mode] = entry.split(':')
    return containerOf(world, reference).mounts.map((mount) => ({
      ...mount,
      readOnly: mount.readOnly || mode === 'ro',
    }))
  })
}

function declared(world: World, spec: ContainerSpec): Mounts {
  const mounts = (spec.HostConfig.Mounts ?? []).filter(({ Type }) => Type !== 'tmpfs')
  return mounts.map(({ Type, Source, Target, ReadOnly = false, VolumeOptions }) => {
    if (Type !== 'volume')
      return { type: Type, source: Source ?? '', target: Target, readOnly: ReadOnly, anonymous: false }
    if (!Source) return { ...anonymous(world, Target, VolumeOptions?.Labels), readOnly: ReadOnly }
    return named(world, Source, Target, ReadOnly, VolumeOptions?.Labels)
  })
}

/** `source:target[:mode]`; a source that is no path is a volume's name. */
function bound(world: World, spec: ContainerSpec): Mounts {
  return (spec.HostConfig.Binds ?? []).map((bind) => {
    const [source = '', target = '', mode = ''] = bind.split(':')
    const readOnly = mode.split(',').includes('ro')
    if (source.startsWith('/')) return { type: 'bind', source, target, readOnly, anonymous: false }
    return named(world, source, target, readOnly)
  })
}

function named(world: World, name: string, target: string, readOnly: boolean, labels = {}): Mounts[number] {
  const volume = ensureVolume(world, name, labels, {})
  return { type: 'volume', name, source: volume.mountpoint, target, readOnly, anonymous: false }
}

function anonymous(world: World, target: string, labels = {}): Mounts[number] {
  return { ...named(world, newId(world, 'volume'), target, false, labels), anonymous: true }
}

function ensureVolume(
  world: World,
  name: string,
  labels: Record<string, string>,
  options: Record<string, string>,
): VolumeDetail {
  const known = world.volumes.get(name)
  if (known) return known
  const volume = {
    name,
    driver: 'local',
    labels,
    options,
    mountpoint: `/var/lib/docker/volumes/${name}/_data`,
    scope: 'local',
  }
  world.volumes.set(name, volume)
  emit(world, 'volume', 'create', name, { driver: 'local' })
  return volume
}

function deleteVolume(world: World, name: string): void {
  const inside = `${world.volumes.get(name)?.mountpoint}/`
  for (const kept of [world.data, world.mountedNodes])
    for (const path of [...kept.keys()]) if (`${path}/`.startsWith(inside)) kept.delete(path)
  world.volumes.delete(name)
  emit(world, 'volume', 'destroy', name, { driver: 'local' })
}

function usersOf(world: World, name: string): string[] {
  const users = [...world.containers.values()].filter(({ mounts }) => mounts.some((mount) => mount.name === name))
  return users.map(({ id }) => id)
}
