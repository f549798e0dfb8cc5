import type { Mount, Stack } from '../../../stack/model.ts'
import { mountSpec, sourceOf } from '../../docker/mounts.ts'
import type { Draft } from './row.ts'

/**
 * A bind that may create its host path goes into `Binds`, which is the only way to request that at every API version; so does a
 * volume with an SELinux label. All other mounts are typed.
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

/** Whether the mount declares an SELinux label that the API cannot express. */
export function losesLabel(mount: Mount): boolean {
  return mount.bind?.selinux !== undefined && !(mount.type === 'bind' ? mayCreate(mount) : isLabelled(mount))
}

function bindText(mount: Mount, stack: Stack): string {
  const { target, read_only, bind = {}, volume } = mount
  const options = [read_only ? 'ro' : 'rw', bind.selinux, bind.propagation, volume?.nocopy ? 'nocopy' : undefined]
  return `${sourceOf(mount, stack)}:${target}:${options.filter(Boolean).join(',')}`
}
