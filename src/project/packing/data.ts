import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { KeptVolume, Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { DumpSource, VolumeSource } from '../../pack/types.ts'
import type { Stack } from '../../stack/model.ts'
import { refuseRunning, refuseUndumpable } from './check-databases.ts'
import { type Database, databasesOf, foldersOf, isHomeOf, replacedFolders, replacedVolumes } from './databases.ts'

/** A volume, with its name on the engine. */
export interface FoundVolume extends VolumeSource {
  engineName: string
}

type DeclaredVolume = KeptVolume & { key: string }

export interface Data {
  volumes: FoundVolume[]
  dumps: DumpSource[]
  leftOut: string[]
  warnings: string[]
  /** Folders of this machine that hold a database's files: its dump replaces them. */
  replaced: Set<string>
}

export interface DataOptions {
  transfer: Transfer
  stack: Stack
  services: ReadonlySet<string>
  replicas: readonly Replica[]
  /** Whether volumes of databases are packed as they are. */
  physical: boolean
  /** Any image of the engine. */
  image: string | undefined
  signal: AbortSignal
}

/** The data of a project's services: databases as dumps, other volumes as archives. */
export async function dataOf(options: DataOptions): Promise<Data> {
  const { transfer, stack, services, signal, physical } = options
  const all = await transfer.volumes.list(stack.name, { sizes: true }, signal)
  const kept = declaredVolumes(all, stack)
  const databases = await databasesOf(transfer, options, signal)
  const chosen = databases.filter(({ service }) => services.has(service))
  const candidates = kept.filter((volume) => isPacked(volume, options))
  const volumes = physical
    ? candidates
    : candidates.filter((volume) => !databases.some((each) => isHomeOf(volume, each)))
  if (physical) refuseRunning(databases, volumes, services)
  else await refuseUndumpable(chosen, kept, stack)
  const dumps = physical ? [] : chosen.flatMap((each) => dumpOf(each, kept, options))
  return {
    volumes: volumes.map((volume) => volumeSource(volume, options)),
    dumps,
    leftOut: [
      ...missing(kept, options),
      ...(physical ? [] : [...replacedVolumes(databases, candidates, dumps), ...replacedFolders(databases, stack)]),
      ...anonymous(all, options),
      ...(await changed(options)),
    ],
    warnings: volumes.flatMap((volume) => inUse(volume, options)),
    replaced: new Set(physical ? [] : databases.flatMap(foldersOf)),
  }
}

function dumpOf(database: Database, kept: readonly DeclaredVolume[], { transfer, signal }: DataOptions): DumpSource[] {
  const { service, family, container } = database
  if (container === undefined) return []
  const mounted = database.mounts.find(({ type, source }) => type === 'volume' && source !== undefined)
  const volume = kept.find((each) => isHomeOf(each, database))?.key ?? mounted?.source
  const open = () => transfer.dumps.out(container, family, signal)
  return [{ service, family, ...(volume !== undefined && { volume }), open }]
}

/** The volumes of a stack by their names on the engine: labels of other projects, and of earlier names, count for nothing. */
function declaredVolumes(all: readonly KeptVolume[], { volumes }: Stack): DeclaredVolume[] {
  const keys = new Map(Object.entries(volumes).map(([key, { name }]) => [name, key]))
  return all.flatMap((volume) => {
    const key = keys.get(volume.name)
    return key === undefined ? [] : [{ ...volume, key }]
  })
}

/** Volumes of the chosen services. One that no container uses belongs to all. */
function isPacked({ key, users }: DeclaredVolume, { services, stack }: DataOptions): boolean {
  if (stack.volumes[key]?.external) return false
  return users.length === 0 || users.some(({ service }) => services.has(service))
}

/** Without the driver's options: they may hold a password, and name places of this machine. */
function volumeSource({ name, key, driver, bytes }: DeclaredVolume, all: DataOptions): FoundVolume {
  const { transfer, stack, image, signal } = all
  if (image === undefined)
    throw new StackError([error('pack-failed', 'no image of the stack is there to read volumes with')])
  return {
    name: key,
    engineName: name,
    ...(bytes !== undefined && { size: bytes }),
    ...(driver !== 'local' && { driver }),
    open: () => transfer.volumes.out(name, { project: stack.name, image }, signal),
  }
}

function inUse({ key, users }: DeclaredVolume, { replicas }: DataOptions): string[] {
  const running = new Set(replicas.filter(isRunning).map(({ id }) => id))
  const services = [...new Set(users.filter(({ container }) => running.has(container)).map(({ service }) => service))]
  if (services.length === 0) return []
  return [`volume "${key}" is read while ${services.join(', ')} may write to it: stop it for a copy of one moment`]
}

function missing(kept: readonly DeclaredVolume[], { stack, services }: DataOptions): string[] {
  const there = new Set(kept.flatMap(({ key }) => (stack.volumes[key]?.external ? [] : key)))
  const used = new Set(
    [...services].flatMap((service) =>
      (stack.services[service]?.volumes ?? []).flatMap(({ type, source }) =>
        type === 'volume' && source ? [source] : [],
      ),
    ),
  )
  return [...used].filter((key) => !there.has(key)).map((key) => `volume "${key}": ${absence(stack, key)}`)
}

function absence({ volumes }: Stack, key: string): string {
  return volumes[key]?.external ? 'it is external' : 'it does not exist yet'
}

/** They go with their containers; a stack that is brought up again begins without them. */
function anonymous(all: readonly KeptVolume[], { stack, services }: DataOptions): string[] {
  const names = new Set(Object.values(stack.volumes).map(({ name }) => name))
  const found = all
    .filter(({ name, key }) => key === undefined && !names.has(name))
    .flatMap(({ users }) => users.filter(({ service }) => services.has(service)))
    .map(({ service, target }) => `the anonymous volume of ${service} at ${target}`)
  return [...new Set(found)]
}

async function changed({ transfer, stack, services, signal }: DataOptions): Promise<string[]> {
  const found = (await transfer.volumes.changes(stack.name, signal))
    .filter(({ service }) => services.has(service))
    .map(({ service }) => `files that ${service} changed outside of volumes`)
  return [...new Set(found)]
}
