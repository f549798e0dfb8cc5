import type { BindOptions, MountSpec } from '../../docker/spec.ts'
import type { Mount, Stack } from '../../stack/model.ts'
import { bytes } from '../../stack/units.ts'

/** The source of a mount; for a named volume, its name on the engine. */
export function sourceOf({ type, source }: Mount, stack: Stack): string | undefined {
  return type === 'volume' && source ? stack.volumes[source]?.name : source
}

/** A typed mount. */
export function mountSpec(mount: Mount, stack: Stack): MountSpec {
  const source = sourceOf(mount, stack)
  return {
    Type: mount.type,
    Target: mount.target,
    ...(source && { Source: source }),
    ...(mount.read_only && { ReadOnly: true }),
    ...(mount.consistency && { Consistency: mount.consistency }),
    ...OPTIONS[mount.type]?.(mount),
  }
}

/** The options of each mount type, in the engine's terms. */
const OPTIONS: Partial<Record<Mount['type'], (mount: Mount) => Partial<MountSpec>>> = {
  bind: ({ bind }) => unlessEmpty('BindOptions', bindOptions(bind ?? {})),
  volume: ({ volume = {} }) =>
    unlessEmpty('VolumeOptions', {
      ...(volume.nocopy && { NoCopy: true }),
      ...(volume.labels && { Labels: volume.labels }),
      ...(volume.subpath && { Subpath: volume.subpath }),
    }),
  tmpfs: ({ tmpfs = {} }) =>
    unlessEmpty('TmpfsOptions', {
      ...(tmpfs.size !== undefined && { SizeBytes: bytes(String(tmpfs.size)) }),
      ...(tmpfs.mode !== undefined && { Mode: permissionBits(tmpfs.mode) }),
    }),
  image: ({ image }) => (image?.subpath ? { ImageOptions: { Subpath: image.subpath } } : {}),
}

function bindOptions({ propagation, create_host_path, recursive }: NonNullable<Mount['bind']>): BindOptions {
  return {
    ...(propagation && { Propagation: propagation }),
    ...(recursive && create_host_path && { CreateMountpoint: true }),
    ...(recursive === 'disabled' && { NonRecursive: true }),
    ...(recursive === 'writable' && { ReadOnlyNonRecursive: true }),
    ...(recursive === 'readonly' && { ReadOnlyForceRecursive: true }),
  }
}

function unlessEmpty<K extends keyof MountSpec>(key: K, options: NonNullable<MountSpec[K]>): Partial<MountSpec> {
  return Object.keys(options).length > 0 ? { [key]: options } : {}
}

function permissionBits(mode: number | string): number {
  return typeof mode === 'number' ? mode : Number.parseInt(mode, 8)
}
