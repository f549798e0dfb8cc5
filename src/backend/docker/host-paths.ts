import { posix } from 'node:path'
import type { EngineLocation } from '../../docker/port.ts'
import type { FileObject, FileReference, Service, Stack } from '../../stack/model.ts'

/** Where an engine runs, and which directories it shares with this machine: both decide how it interprets a path. */
export interface EngineHost extends EngineLocation {
  /** From GET /version; `linux` until the engine has been asked. */
  os: string
  /** Source files of secrets and configs on this machine that not every user may read. */
  closed: string[]
}

/** An engine on Linux, on this machine. */
export const HERE: EngineHost = { os: 'linux', remote: false, shared: [], closed: [] }

/** The engine's socket by default. */
export const SOCKET = '/var/run/docker.sock'

/** The source files of the stack's secrets and configs. */
export function sourceFiles({ secrets, configs }: Pick<Stack, 'secrets' | 'configs'>): string[] {
  const files = [...Object.values(secrets), ...Object.values(configs)].flatMap(({ file }) => file ?? [])
  return [...new Set(files)].sort()
}

/**
 * Whether a secret or config is mounted from its file, so that the container sees changes of the file at once. Otherwise its content
 * is copied into the container before the start. That applies to content without a file, to references that set an owner or
 * permissions, to files that not every user may read (the container's user may not be the file's owner), and to files that the
 * engine cannot see. Nothing can be copied into a read-only root file system.
 */
export function isMounted(
  reference: FileReference,
  object: FileObject | undefined,
  engineHost: EngineHost,
  service: Pick<Service, 'read_only'>,
): boolean {
  if (object?.file === undefined || !isSeen(object.file, engineHost)) return false
  return service.read_only === true || !(isOwned(reference) || engineHost.closed.includes(object.file))
}

/** Whether the reference sets an owner or permissions that override those of the source file. */
export function isOwned({ uid, gid, mode }: FileReference): boolean {
  return uid !== undefined || gid !== undefined || mode !== undefined
}

/** Paths that exist on every Linux machine: mounting them means the engine's own. */
const EVERYWHERE = [
  '/dev',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/localtime',
  '/etc/machine-id',
  '/etc/os-release',
  '/etc/resolv.conf',
  '/etc/timezone',
  '/lib/modules',
  '/proc',
  '/run/docker.sock',
  '/run/udev',
  '/sys',
  '/usr/share/zoneinfo',
  '/var/lib/docker',
  '/var/log',
  '/var/run/docker.sock',
]

/** Whether a path in a stack file refers to the same file or directory on the engine's machine. */
export function isSeen(path: string, engineHost: EngineHost): boolean {
  if (!engineHost.remote) return true
  const known = [...EVERYWHERE, ...engineHost.shared, ...(engineHost.socket ? [engineHost.socket] : [])]
  const plain = posix.normalize(path)
  return (
    plain === '/' || known.some((each) => plain === each || plain.startsWith(each.endsWith('/') ? each : `${each}/`))
  )
}
