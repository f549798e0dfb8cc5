import { readdir } from 'node:fs/promises'
import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { DumpFamily, DumpServer, KeptVolume, Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Mount, Stack } from '../../stack/model.ts'

/** A database server of a stack, whether its service is chosen or not. */
export interface Database {
  service: string
  family: DumpFamily
  /** The mounts of the service that hold its data. */
  mounts: Mount[]
  /** The targets of these, and of others that only its container has. */
  homes: ReadonlySet<string>
  /** The id of a container of it; absent if it has none. */
  container?: string
  isRunning: boolean
}

/** Every database server of a stack. What a container runs counts more than what its service declares: it includes the image's settings. */
export async function databasesOf(
  { dumps }: Transfer,
  { stack, replicas }: { stack: Stack; replicas: readonly Replica[] },
  signal: AbortSignal,
): Promise<Database[]> {
  const found: Database[] = []
  for (const service of Object.keys(stack.services)) {
    const own = replicas.filter((each) => each.service === service && !each.oneoff)
    const replica = own.find(isRunning) ?? own[0]
    const declared = dumps.declaredBy(stack.services[service] ?? {})
    const server = replica ? await dumps.serverIn(replica.id, signal) : declared
    if (server) found.push(database(service, stack, server, replica))
  }
  return found
}

function database(service: string, stack: Stack, { family, homes }: DumpServer, replica?: Replica): Database {
  const mounts = (stack.services[service]?.volumes ?? []).filter(
    ({ target, read_only }) => !read_only && homes.includes(target),
  )
  return {
    service,
    family,
    mounts,
    homes: new Set(homes),
    ...(replica && { container: replica.id }),
    isRunning: replica !== undefined && isRunning(replica),
  }
}

/** Whether a volume holds the data of a database, or a part of them. */
export function isHomeOf({ key, users }: KeptVolume, { service, mounts, homes }: Database): boolean {
  const isMounted = users.some((user) => user.service === service && homes.has(user.target))
  return isMounted || (key !== undefined && mounts.some(({ type, source }) => type === 'volume' && source === key))
}

/** Folders of this machine that hold a database's files. */
export function foldersOf({ mounts }: Database): string[] {
  return mounts.flatMap(({ type, source }) => (type === 'bind' && source ? [source] : []))
}

/** A dump needs the running server. One that has no container and no data yet has nothing to dump. */
export async function refuseStopped(databases: readonly Database[], kept: readonly KeptVolume[]): Promise<void> {
  const stopped: string[] = []
  for (const each of databases.filter(({ isRunning }) => !isRunning)) {
    const hasData = each.container !== undefined || kept.some((volume) => isHomeOf(volume, each))
    if (hasData || (await hasFiles(foldersOf(each)))) stopped.push(each.service)
  }
  if (stopped.length > 0) throw new StackError(stopped.map(notRunning))
}

/** A folder that may not be read counts as one with files. */
async function hasFiles(folders: readonly string[]): Promise<boolean> {
  const found = folders.map((folder) =>
    readdir(folder).then(
      (names) => names.length > 0,
      (cause) => cause.code !== 'ENOENT',
    ),
  )
  return (await Promise.all(found)).includes(true)
}

function notRunning(service: string) {
  const hint = `${ownCommand(`up -d ${service}`)} starts it; --physical packs its volume as it is`
  return error('pack-failed', `the database "${service}" does not run, so that its data cannot be read`, { hint })
}

/** A database that writes meanwhile would give a copy of no moment at all. */
export function refuseRunning(
  databases: readonly Database[],
  volumes: readonly KeptVolume[],
  services: ReadonlySet<string>,
): void {
  const busy = databases.filter(
    (each) =>
      each.isRunning &&
      (volumes.some((volume) => isHomeOf(volume, each)) || (services.has(each.service) && foldersOf(each).length > 0)),
  )
  if (busy.length > 0) throw new StackError(busy.map(({ service }) => isBusy(service)))
}

function isBusy(service: string) {
  return error('pack-failed', `the database "${service}" runs: its files cannot be packed as they are`, {
    hint: `${ownCommand(`stop ${service}`)} stops it; without --physical, a dump is packed`,
  })
}
