import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { KeptVolume, Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { DumpSource, VolumeSource } from '../../pack/types.ts'
import type { Stack } from '../../stack/model.ts'
import { refuseRunning, refuseShared, refuseStopped } from './check-databases.ts'
import { type Database, databasesOf, foldersOf, isHomeOf, replacedFolders, replacedVolumes } from './databases.ts'

/** A volume, with its name on the engine. */
export interface FoundVolume extends VolumeSource {
  engineName: string
}

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
  const kept = await transfer.volumes.list(stack.name, { sizes: true }, signal)
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
      ...(await unnamed(kept, options)),
    ],
    warnings: volumes.flatMap((volume) => inUse(volume, options)),
    replaced: new Set(physical ? [] : databases.flatMap(foldersOf)),
  }
}

async function refuseUndumpable(chosen: readonly Database[], kept: readonly KeptVolume[], stack: Stack): Promise<void> {
  refuseShared(chosen, stack)
  await refuseStopped(chosen, kept)
}

function dumpOf(database: Database, kept: readonly KeptVolume[], { transfer, signal }: DataOptions): DumpSource[] {
  const { service, family, container } = database
  if (container === undefined) return []
  const [volume] = kept.flatMap((each) => (isHomeOf(each, database) ? (each.key ?? []) : []))
  const open = () => transfer.dumps.out(container, family, signal)
  return [{ service, family, ...(volume !== undefined && { volume }), open }]
}

/** Named volumes of the chosen services. A volume that no container uses belongs to all. */
function isPacked({ key, users }: KeptVolume, { services, stack }: DataOptions): boolean {
  if (key === undefined || !Object.hasOwn(stack.volumes, key)) return false
  return users.length === 0 || users.some(({ service }) => services.has(service))
}

/** Without the driver's options: they may hold a password, and name places of this machine. */
function volumeSource({ name, key = name, driver, bytes }: KeptVolume, all: DataOptions): FoundVolume {
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

function inUse({ key, users }: KeptVolume, { replicas }: DataOptions): string[] {
  const running = new Set(replicas.filter(isRunning).map(({ id }) => id))
  const services = [...new Set(users.filter(({ container }) => running.has(container)).map(({ service }) => service))]
  if (services.length === 0) return []
  return [`volume "${key}" is read while ${services.join(', ')} may write to it: stop it for a copy of one moment`]
}

function missing(kept: readonly KeptVolume[], { stack, services }: DataOptions): string[] {
  const there = new Set(kept.flatMap(({ key }) => key ?? []))
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

/** Anonymous volumes and changes in containers go with them; a stack that is brought up again begins without them. */
async function unnamed(
  kept: readonly KeptVolume[],
  { transfer, stack, services, signal }: DataOptions,
): Promise<string[]> {
  const anonymous = kept
    .filter(({ key }) => key === undefined)
    .flatMap(({ users }) => users.filter(({ service }) => services.has(service)))
    .map(({ service, target }) => `the anonymous volume of ${service} at ${target}`)
  const changes = (await transfer.volumes.changes(stack.name, signal))
    .filter(({ service }) => services.has(service))
    .map(({ service }) => `files that ${service} changed outside of volumes`)
  return [...new Set([...anonymous, ...changes])]
}
