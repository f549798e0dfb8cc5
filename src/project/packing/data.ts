import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { KeptVolume, Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { DumpSource, VolumeSource } from '../../pack/types.ts'
import type { Stack } from '../../stack/model.ts'

/** Where images of databases keep their data: `/var/lib/mysql`, `/var/lib/postgresql/data`, `/bitnami/mariadb`, … */
const HOME = /\/(?:mysql|mariadb|postgresql|pgsql|pgdata)(?:\/|$)/

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
  const { transfer, stack, signal, physical } = options
  const kept = await transfer.volumes.list(stack.name, { sizes: true }, signal)
  const databases = physical ? [] : await databasesOf(options)
  const dumps = databases.map(({ id, service, family }): DumpSource & { keys: string[] } => {
    const keys = kept.flatMap((volume) => (isHomeOf(volume, id) && volume.key ? [volume.key] : []))
    const open = () => transfer.dumps.out(id, family, signal)
    return { service, family, ...(keys[0] !== undefined && { volume: keys[0] }), keys, open }
  })
  const replacedKeys = new Set(dumps.flatMap(({ keys }) => keys))
  const volumes = kept.filter((volume) => isPacked(volume, options) && !replacedKeys.has(volume.key ?? ''))
  if (physical) refuseRunning(volumes, options)
  return {
    volumes: volumes.map((volume) => volumeSource(volume, options)),
    dumps: dumps.map(({ keys: _, ...dump }) => dump),
    leftOut: [...missing(kept, options), ...(await unnamed(kept, options))],
    warnings: volumes.flatMap((volume) => inUse(volume, options)),
    replaced: new Set(databases.flatMap(({ service }) => homesOn(service, stack))),
  }
}

interface Database {
  id: string
  service: string
  family: 'mysql' | 'postgresql'
}

/** One container of each service that runs a database server. */
async function databasesOf({ transfer, services, replicas, signal }: DataOptions): Promise<Database[]> {
  const found = new Map<string, Database>()
  const stopped: string[] = []
  for (const replica of replicas) {
    const { id, service, oneoff } = replica
    if (oneoff || !services.has(service) || found.has(service)) continue
    const family = await transfer.dumps.familyOf(id, signal)
    if (family && isRunning(replica)) found.set(service, { id, service, family })
    else if (family) stopped.push(service)
  }
  const waiting = stopped.filter((service) => !found.has(service))
  if (waiting.length > 0) throw new StackError(waiting.map(notRunning))
  return [...found.values()]
}

function notRunning(service: string) {
  const hint = `${ownCommand(`start ${service}`)} starts it; --physical packs its volume as it is`
  return error('pack-failed', `the database "${service}" does not run, so that its data cannot be read`, { hint })
}

function isHomeOf({ users }: KeptVolume, container: string): boolean {
  return users.some((user) => user.container === container && HOME.test(user.target))
}

/** Bind mounts in which a database keeps its data. */
function homesOn(service: string, { services }: Stack): string[] {
  return (services[service]?.volumes ?? []).flatMap(({ type, source, target, read_only }) =>
    type === 'bind' && source && !read_only && HOME.test(target) ? [source] : [],
  )
}

/** Named volumes of the chosen services. A volume that no container uses belongs to all. */
function isPacked({ key, users }: KeptVolume, { services, stack }: DataOptions): boolean {
  if (key === undefined || !Object.hasOwn(stack.volumes, key)) return false
  return users.length === 0 || users.some(({ service }) => services.has(service))
}

function volumeSource({ name, key = name, driver, options, bytes }: KeptVolume, all: DataOptions): FoundVolume {
  const { transfer, stack, image, signal } = all
  if (image === undefined)
    throw new StackError([error('pack-failed', 'no image of the stack is there to read volumes with')])
  return {
    name: key,
    engineName: name,
    ...(bytes !== undefined && { size: bytes }),
    ...(driver !== 'local' && { driver }),
    ...(Object.keys(options).length > 0 && { options }),
    open: () => transfer.volumes.out(name, { project: stack.name, image }, signal),
  }
}

/** A database that writes meanwhile would give a copy of no moment at all. */
function refuseRunning(volumes: readonly KeptVolume[], { replicas, stack, services }: DataOptions): void {
  const running = replicas.filter((replica) => isRunning(replica) && services.has(replica.service))
  const isHome = (id: string) => volumes.some((volume) => isHomeOf(volume, id))
  const busy = running.filter(({ id, service }) => isHome(id) || homesOn(service, stack).length > 0)
  const problems = [...new Set(busy.map(({ service }) => service))].map((service) =>
    error('pack-failed', `the database "${service}" runs: its files cannot be packed as they are`, {
      hint: `${ownCommand(`stop ${service}`)} stops it; without --physical, a dump is packed`,
    }),
  )
  if (problems.length > 0) throw new StackError(problems)
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
