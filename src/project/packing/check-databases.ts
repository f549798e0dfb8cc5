import { readdir } from 'node:fs/promises'
import type { KeptVolume } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Stack } from '../../stack/model.ts'
import { type Database, foldersOf, isHomeOf } from './databases.ts'

export async function refuseUndumpable(
  databases: readonly Database[],
  kept: readonly KeptVolume[],
  stack: Stack,
): Promise<void> {
  refuseShared(databases, stack)
  await refuseStopped(databases, kept)
}

/** A dump needs the running server. One that has no container and no data yet has nothing to dump. */
async function refuseStopped(databases: readonly Database[], kept: readonly KeptVolume[]): Promise<void> {
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

/** What a dump cannot replace: the other parts of a volume of which a database has only a folder. */
function refuseShared(databases: readonly Database[], { services }: Stack): void {
  const all = Object.values(services).flatMap(({ volumes = [] }) => volumes)
  const problems = databases.flatMap(({ service, mounts }) =>
    mounts
      .filter(({ type, volume }) => type === 'volume' && volume?.subpath !== undefined)
      .filter(({ source, volume }) =>
        all.some((other) => other.source === source && other.volume?.subpath !== volume?.subpath),
      )
      .map(({ source }) => isShared(service, source ?? '')),
  )
  if (problems.length > 0) throw new StackError(problems)
}

function isShared(service: string, key: string) {
  const message = `the database "${service}" has only a folder of the volume "${key}", whose other parts a dump does not hold`
  return error('pack-failed', message, { hint: 'give it its own volume; --physical packs the whole volume as it is' })
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
