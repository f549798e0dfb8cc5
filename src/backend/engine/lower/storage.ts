import type { BindOptions, MountSpec } from '../../../docker/spec.ts'
import type { FileReference, Mount, Stack } from '../../../stack/model.ts'
import { firstContainer } from '../../../stack/names.ts'
import { bytes } from '../../../stack/units.ts'
import { HERE, isMounted, type Place, SOCKET } from '../place.ts'
import type { Draft, LowerContext, Rows } from './row.ts'

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
  secrets: (value, draft, context) => addFiles(value, context.stack.secrets, SECRETS_HOME, draft, context),
  configs: (value, draft, context) => addFiles(value, context.stack.configs, CONFIGS_HOME, draft, context),
  use_api_socket: (value, draft, { place = HERE }) => {
    if (value) addApiSocket(draft, place)
  },
  storage_opt: (value, { host }) => {
    host.StorageOpt = value
  },
}

/** Where secrets and configs with a relative target are. */
export const SECRETS_HOME = '/run/secrets/'
export const CONFIGS_HOME = '/'

/** The folder of a Docker configuration with the user's credentials, for who uses the engine's socket. */
export const CREDENTIALS_FOLDER = '/run/secrets/docker'

/** A variable of its own says that the container knows its credentials (docker/cli, container create --use-api-socket). */
function addApiSocket({ spec, host }: Draft, place: Place): void {
  host.Binds = [...(host.Binds ?? []), `${place.socket ?? SOCKET}:${SOCKET}:rw`]
  const env = spec.Env ?? []
  if (!env.some((entry) => entry.startsWith('DOCKER_CONFIG=')))
    spec.Env = [...env, `DOCKER_CONFIG=${CREDENTIALS_FOLDER}`].sort()
}

/**
 * A bind that may create its host path goes into `Binds`, which is the engine's only way to say so at every API version;
 * everything else is a typed mount.
 */
function addMount(mount: Mount, { host }: Draft, stack: Stack): void {
  if (mount.type === 'bind' && mount.bind?.create_host_path !== false && !mount.bind?.recursive) {
    host.Binds = [...(host.Binds ?? []), bindText(mount)]
    return
  }
  host.Mounts = [...(host.Mounts ?? []), mountSpec(mount, stack)]
}

function bindText({ source, target, read_only, bind = {} }: Mount): string {
  const options = [read_only ? 'ro' : 'rw', bind.selinux, bind.propagation].filter(Boolean)
  return `${source}:${target}:${options.join(',')}`
}

function mountSpec(mount: Mount, stack: Stack): MountSpec {
  const source = mount.type === 'volume' && mount.source ? stack.volumes[mount.source]?.name : mount.source
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

/** What is not mounted is copied in before the start: see place.ts. */
function addFiles(
  references: FileReference[],
  objects: Stack['secrets'],
  home: string,
  { host }: Draft,
  { place = HERE }: LowerContext,
): void {
  const mounts = references.flatMap((reference): MountSpec[] => {
    const object = objects[reference.source]
    if (object?.file === undefined || !isMounted(reference, object, place)) return []
    return [{ Type: 'bind', Source: object.file, Target: fileTarget(reference, home), ReadOnly: true }]
  })
  if (mounts.length > 0) host.Mounts = [...(host.Mounts ?? []), ...mounts]
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
