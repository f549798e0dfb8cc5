import type { MountSpec } from '../../../docker/spec.ts'
import type { FileReference, Mount, Stack } from '../../../stack/model.ts'
import { firstContainer } from '../../../stack/names.ts'
import { bytes } from '../../../stack/units.ts'
import type { Draft, Rows } from './row.ts'

/** What the container sees of the host's and the engine's files. */
export const storageRows: Rows = {
  volumes: (value, draft, context) => {
    for (const mount of value) addMount(mount, draft, context.stack)
  },
  volumes_from: (value, { host }, { stack }) => {
    host.VolumesFrom = value.map((source) => volumeSource(source, stack))
  },
  tmpfs: (value, { host }) => {
    host.Tmpfs = Object.fromEntries(value.map((entry) => splitOnce(entry, ':')))
  },
  read_only: (value, { host }) => {
    host.ReadonlyRootfs = value
  },
  secrets: (value, draft, { stack }) => addFiles(value, stack.secrets, '/run/secrets/', draft),
  configs: (value, draft, { stack }) => addFiles(value, stack.configs, '/', draft),
  storage_opt: (value, { host }) => {
    host.StorageOpt = value
  },
}

/**
 * A bind that may create its host path goes into `Binds`, which is the engine's only way to say so at every API version;
 * everything else is a typed mount.
 */
function addMount(mount: Mount, { host }: Draft, stack: Stack): void {
  if (mount.type === 'bind' && mount.bind?.create_host_path !== false) {
    host.Binds = [...(host.Binds ?? []), bindText(mount)]
    return
  }
  host.Mounts = [...(host.Mounts ?? []), mountSpec(mount, stack)]
}

function bindText(mount: Mount): string {
  const options = [mount.read_only ? 'ro' : 'rw', mount.bind?.selinux, mount.bind?.propagation].filter(Boolean)
  return `${mount.source}:${mount.target}:${options.join(',')}`
}

function mountSpec(mount: Mount, stack: Stack): MountSpec {
  const source = mount.type === 'volume' && mount.source ? stack.volumes[mount.source]?.name : mount.source
  return {
    Type: mount.type,
    Target: mount.target,
    ...(source && { Source: source }),
    ...(mount.read_only && { ReadOnly: true }),
    ...(mount.consistency && { Consistency: mount.consistency }),
    ...mountOptions(mount),
  }
}

function mountOptions(mount: Mount): Partial<MountSpec> {
  const { bind, volume, tmpfs, image } = mount
  if (mount.type === 'bind' && bind?.propagation) return { BindOptions: { Propagation: bind.propagation } }
  if (mount.type === 'volume' && volume) {
    const options = {
      ...(volume.nocopy && { NoCopy: true }),
      ...(volume.labels && { Labels: volume.labels }),
      ...(volume.subpath && { Subpath: volume.subpath }),
    }
    return Object.keys(options).length > 0 ? { VolumeOptions: options } : {}
  }
  if (mount.type === 'tmpfs' && tmpfs) {
    const size = tmpfs.size === undefined ? {} : { SizeBytes: bytes(tmpfs.size) }
    return { TmpfsOptions: { ...size, ...(tmpfs.mode !== undefined && { Mode: tmpfs.mode }) } }
  }
  if (mount.type === 'image' && image?.subpath) return { ImageOptions: { Subpath: image.subpath } }
  return {}
}

/** A secret or config that is a file on this host is mounted; the others are copied in before the start. */
function addFiles(references: FileReference[], objects: Stack['secrets'], home: string, { host }: Draft): void {
  const mounts = references.flatMap((reference): MountSpec[] => {
    const file = objects[reference.source]?.file
    if (file === undefined) return []
    return [{ Type: 'bind', Source: file, Target: fileTarget(reference, home), ReadOnly: true }]
  })
  host.Mounts = [...(host.Mounts ?? []), ...mounts]
}

/** Where a secret or config appears in the container: relative targets are below `/run/secrets`, or `/` for configs. */
export function fileTarget(reference: FileReference, home: string): string {
  const target = reference.target ?? reference.source
  return target.startsWith('/') ? target : `${home}${target}`
}

/** `volumes_from: [service:ro]` names a service of this stack; its first container is meant. */
function volumeSource(source: string, stack: Stack): string {
  if (source.startsWith('container:')) return source.slice('container:'.length)
  const [service = '', mode] = source.split(':')
  const name = firstContainer(stack, service)
  return mode ? `${name}:${mode}` : name
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
