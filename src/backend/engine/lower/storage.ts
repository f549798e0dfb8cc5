import type { MountSpec } from '../../../docker/spec.ts'
import type { FileReference, Service, Stack } from '../../../stack/model.ts'
import { firstContainer } from '../../../stack/names.ts'
import { splitOnce } from '../../../util/text.ts'
import { type EngineHost, HERE, isMounted, SOCKET } from '../../docker/host-paths.ts'
import { addMount } from './mounts.ts'
import type { Draft, LowerContext, Rows } from './row.ts'

/** Mounts: host files and engine volumes. */
export const storageRows = {
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
  secrets: (value, draft, context) =>
    mountFiles(draft, context, { references: value, objects: context.stack.secrets, home: SECRETS_HOME }),
  configs: (value, draft, context) =>
    mountFiles(draft, context, { references: value, objects: context.stack.configs, home: CONFIGS_HOME }),
  use_api_socket: (value, draft, { engineHost = HERE, service }) => {
    if (value) addApiSocket(draft, engineHost, service)
  },
  storage_opt: (value, { host }) => {
    host.StorageOpt = value
  },
} satisfies Rows

/** The directory for secrets and configs with a relative target. */
export const SECRETS_HOME = '/run/secrets/'
export const CONFIGS_HOME = '/'

/** The folder of a Docker configuration with the user's credentials, for services that use the engine's socket. */
export const CREDENTIALS_FOLDER = '/run/secrets/docker'

/** If credentials are copied, the client in the container is pointed to their folder. */
function addApiSocket({ spec, host }: Draft, engineHost: EngineHost, service: Service): void {
  host.Binds = [...(host.Binds ?? []), `${engineHost.socket ?? SOCKET}:${SOCKET}:rw`]
  const env = spec.Env ?? []
  if (takesCredentials(service)) spec.Env = [...env, `DOCKER_CONFIG=${CREDENTIALS_FOLDER}`].sort()
}

/**
 * Whether the user's credentials are copied into the container. A container that sets DOCKER_CONFIG has its own (docker/cli,
 * container create --use-api-socket).
 */
export function takesCredentials({ use_api_socket, environment, read_only }: Service): boolean {
  return use_api_socket === true && !read_only && !environment?.DOCKER_CONFIG
}

interface Files {
  references: FileReference[]
  objects: Stack['secrets']
  /** The directory for relative targets. */
  home: string
}

/** Files that are not mounted are copied into the container before the start: see docker/host-paths.ts. */
function mountFiles(
  { host }: Draft,
  { engineHost = HERE, service }: LowerContext,
  { references, objects, home }: Files,
): void {
  const mounts = references.flatMap((reference): MountSpec[] => {
    const object = objects[reference.source]
    if (object?.file === undefined || !isMounted(reference, object, engineHost, service)) return []
    return [{ Type: 'bind', Source: object.file, Target: fileTarget(reference, home), ReadOnly: true }]
  })
  if (mounts.length > 0) host.Mounts = [...(host.Mounts ?? []), ...mounts]
}

/** The path of a secret or config in the container: relative targets are below `/run/secrets`, or `/` for configs. */
export function fileTarget(reference: FileReference, home: string): string {
  const target = reference.target ?? reference.source
  return target.startsWith('/') ? target : `${home}${target}`
}

/** `volumes_from: [service:ro]` names a service of this stack and means its first container. */
function volumeSource(source: string, stack: Stack): string {
  if (source.startsWith('container:')) return source.slice('container:'.length)
  const [service = '', mode] = source.split(':')
  const name = firstContainer(stack, service)
  return mode ? `${name}:${mode}` : name
}
