import { capabilityOf } from '../../backend/capability.ts'
import type { Replica } from '../../backend/read/containers.ts'
import { isRunning } from '../../backend/state.ts'
import type { KeptVolume, Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { SnapshotPart } from '../../snapshot/snapshot.ts'
import type { SnapshotWriter } from '../../snapshot/snapshot-writer.ts'
import type { SnapshotStore } from '../../snapshot/store.ts'
import { namedReplicas } from '../named-replicas.ts'
import type { Project } from '../project.ts'
import type { About, SnapshotVolume, VolumeSnapshot } from './about.ts'
import { whileFrozen } from './frozen.ts'

export interface SnapshotRequest {
  /** The services whose volumes are in it; none: all. */
  services: readonly string[]
  automatic: boolean
  note?: string
  /** Called before anything is frozen, with the volumes and the containers to freeze. */
  onBegin?(volumes: readonly KeptVolume[], frozen: readonly Replica[]): void
  /** Called with the number of further bytes that have been read. */
  onBytes?(bytes: number): void
}

/** A new snapshot, and the bytes that the store did not have before. */
export interface Created {
  snapshot: VolumeSnapshot
  stored: number
}

/**
 * Takes a snapshot of volumes at one moment: the containers that use them are frozen while they are read. Requires the locks of the project and of
 * the store. Throws a StackError if there is nothing to read.
 */
export async function createSnapshot(
  project: Project,
  store: SnapshotStore<About>,
  request: SnapshotRequest,
): Promise<Created> {
  const { name, transfer, volumes, running } = await surveyVolumes(project, request.services)
  await transfer.volumes.clear(name, { halfFilled: false }, project.signal)
  const writer = await store.begin()
  try {
    request.onBegin?.(volumes, running)
    const ids = running.map(({ id }) => id)
    const parts = await whileFrozen(project, ids, () => readAll(project, { transfer, writer, request }, volumes))
    const about = { project: name, automatic: request.automatic, ...(request.note && { note: request.note }) }
    const snapshot = await writer.commit(
      { ...about, volumes: volumes.map(facts) },
      parts,
      new Date(project.runtime.wallTime()),
    )
    return { snapshot, stored: writer.stored }
  } catch (thrown) {
    await writer.abort()
    throw thrown
  }
}

/** The volumes that a snapshot would hold, and the containers that it would freeze. Throws a StackError if there is nothing to read. */
export async function surveyVolumes(project: Project, services: readonly string[]): Promise<VolumeSurvey> {
  const [name, reader] = await Promise.all([project.existingName(), project.reader()])
  const transfer = capabilityOf(reader, 'transfer')
  const replicas = await reader.list(name, { all: true }, project.signal)
  const volumes = await volumesToRead(project, { transfer, replicas, name }, services)
  const users = new Set(volumes.flatMap((volume) => volume.users.map(({ container }) => container)))
  return { name, transfer, volumes, running: replicas.filter((each) => users.has(each.id) && isRunning(each)) }
}

export interface VolumeSurvey {
  /** Of the project. */
  name: string
  transfer: Transfer
  volumes: KeptVolume[]
  running: Replica[]
}

interface Found {
  transfer: Transfer
  replicas: readonly Replica[]
  name: string
}

async function volumesToRead(
  project: Project,
  { transfer, replicas, name }: Found,
  services: readonly string[],
): Promise<KeptVolume[]> {
  const chosen = new Set((await namedReplicas(project, replicas, services)).map(({ id }) => id))
  const all = await transfer.volumes.list(name, { sizes: true }, project.signal)
  const used = all.filter(({ users }) => users.some(({ container }) => chosen.has(container)))
  if (used.length > 0) return used
  const hint = all.length > 0 ? `${ownCommand('create')} creates the containers that use them` : undefined
  const message = `no container of project ${name} uses a volume`
  throw new StackError([error('unknown-resource', message, { ...(hint && { hint }) })])
}

interface Reading {
  transfer: Transfer
  writer: SnapshotWriter<About>
  request: SnapshotRequest
}

/** All at once: containers are frozen for as long as the slowest takes. */
async function readAll(
  project: Project,
  { transfer, writer, request }: Reading,
  volumes: readonly KeptVolume[],
): Promise<SnapshotPart[]> {
  const over = new AbortController()
  const signal = AbortSignal.any([project.signal, over.signal])
  const name = await project.existingName()
  const place = (volume: KeptVolume) => ({ project: name, image: facts(volume).image })
  const reading = volumes.map((volume) =>
    writer.add(volume.name, counted(transfer.volumes.out(volume.name, place(volume), signal), request.onBytes)),
  )
  try {
    return await Promise.all(reading)
  } catch (thrown) {
    over.abort(thrown)
    await Promise.allSettled(reading)
    throw thrown
  }
}

async function* counted(archive: AsyncIterable<Uint8Array>, onBytes: SnapshotRequest['onBytes']) {
  for await (const bytes of archive) {
    onBytes?.(bytes.length)
    yield bytes
  }
}

function facts({ name, key, driver, labels, options, users }: KeptVolume): SnapshotVolume {
  const services = [...new Set(users.map(({ service }) => service))].sort()
  return { name, ...(key !== undefined && { key }), driver, labels, options, services, image: users[0]?.image ?? '' }
}
