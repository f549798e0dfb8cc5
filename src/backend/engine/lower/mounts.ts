import type { BindOptions, MountSpec } from '../../../docker/spec.ts'
import type { Mount, Stack } from '../../../stack/model.ts'
import { bytes } from '../../../stack/units.ts'
import type { Draft } from './row.ts'

/**
 * A bind that may create its host path goes into `Binds`, which is the engine's only way to say so at every API version, and so does a
 * volume with an SELinux label; everything else is a typed mount.
 */
export function addMount(mount: Mount, { host }: Draft, stack: Stack): void {
  const isText = mount.type === 'bind' ? mayCreate(mount) : mount.type === 'volume' && isLabelled(mount)
  if (isText) host.Binds = [...(host.Binds ?? []), bindText(mount, stack)]
  else host.Mounts = [...(host.Mounts ?? []), mountSpec(mount, stack)]
}

function mayCreate({ bind }: Mount): boolean {
  return bind?.create_host_path !== false && !bind?.recursive
}

function isLabelled({ source, bind, volume }: Mount): boolean {
  return source !== undefined && bind?.selinux !== undefined && !volume?.subpath
}

/** Whether an SELinux label is asked for that the engine cannot be told of. */
export function losesLabel(mount: Mount): boolean {
  return mount.bind?.selinux !== undefined && !(mount.type === 'bind' ? mayCreate(mount) : isLabelled(mount))
}

function bindText(mount: Mount, stack: Stack): string {
  const { target, read_only, bind = {}, volume } = mount
  const options = [read_only ? 'ro' : 'rw', bind.selinux, bind.propagation, volume?.nocopy ? 'nocopy' : undefined]
  return `${sourceOf(mount, stack)}:${target}:${options.filter(Boolean).join(',')}`
}

function sourceOf({ type, source }: Mount, stack: Stack): string | undefined {
  return type === 'volume' && source ? stack.volumes[source]?.name : source
}

function mountSpec(mount: Mount, stack: Stack): MountSpec {
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

/** The options of each type of mount, in the engine's words. */
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
