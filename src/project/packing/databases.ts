import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { DumpFamily, DumpServer, KeptVolume, Transfer } from '../../backend/transfer.ts'
import { relativePath } from '../../lockfile/portable.ts'
import type { DumpSource } from '../../pack/types.ts'
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

/** Sentences about what holds data of databases and is not packed as it is, but for the volumes that the index names with the dumps. */
export function replacedVolumes(
  databases: readonly Database[],
  candidates: readonly KeptVolume[],
  dumps: readonly DumpSource[],
): string[] {
  const noted = new Set(dumps.flatMap(({ volume }) => volume ?? []))
  return databases.flatMap((database) =>
    candidates
      .filter((volume) => isHomeOf(volume, database) && !noted.has(volume.key ?? ''))
      .map(({ key }) => `volume "${key}", which holds files of the database ${database.service}`),
  )
}

/** The same for folders in the project directory. */
export function replacedFolders(databases: readonly Database[], { origin }: Stack): string[] {
  return databases.flatMap((database) =>
    foldersOf(database)
      .flatMap((folder) => relativePath(folder, origin.workingDir) ?? [])
      .map((path) => `${path}, which holds files of the database ${database.service}`),
  )
}
