import { posix } from 'node:path'
import type { EngineLocation } from '../../docker/port.ts'
import type { FileObject, FileReference, Service, Stack } from '../../stack/model.ts'

/** Where an engine runs, and what it shares with this machine: what a path means to it depends on that. */
export interface EngineHost extends EngineLocation {
  /** As GET /version says; `linux` until it was asked. */
  os: string
  /** Files of secrets and configs on this machine that not every user may read. */
  closed: string[]
}

/** An engine on Linux, on this machine. */
export const HERE: EngineHost = { os: 'linux', remote: false, shared: [], closed: [] }

/** The engine's socket where nothing else is known. */
export const SOCKET = '/var/run/docker.sock'

/** Every file that a secret or config of the stack comes from. */
export function sourceFiles({ secrets, configs }: Pick<Stack, 'secrets' | 'configs'>): string[] {
  const files = [...Object.values(secrets), ...Object.values(configs)].flatMap(({ file }) => file ?? [])
  return [...new Set(files)].sort()
}

/**
 * Whether a secret or config is mounted from its file, so that changes of the file are seen at once. Else its content is copied into the
 * container before it starts: what has no file, what sets an owner or permissions, what not every user may read
 * (the container's user need not be the file's owner), and what the engine cannot see. Nothing can be copied where the root file system
 * is read-only.
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

/** Whether it sets owner or permissions, other than those of the file that it comes from. */
export function isOwned({ uid, gid, mode }: FileReference): boolean {
  return uid !== undefined || gid !== undefined || mode !== undefined
}

/** Paths that every Linux machine has: a mount of them means the engine's. */
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

/** Whether a path of a stack file is the same file or directory on the engine's machine. */
export function isSeen(path: string, engineHost: EngineHost): boolean {
  if (!engineHost.remote) return true
  const known = [...EVERYWHERE, ...engineHost.shared, ...(engineHost.socket ? [engineHost.socket] : [])]
  const plain = posix.normalize(path)
  return (
    plain === '/' || known.some((each) => plain === each || plain.startsWith(each.endsWith('/') ? each : `${each}/`))
  )
}
