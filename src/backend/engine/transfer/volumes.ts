import { checkedTar } from '../../../archive/checked-tar.ts'
import { ArchiveError } from '../../../archive/read-tar.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { type Engine, EngineError, failedInside } from '../../../docker/port.ts'
import { COMPOSE, CONVENTIONS, OURS } from '../../docker/labels.ts'
import type { HeldVolume, HolderPlace, MarkedVolume, NewVolume, VolumeTransfer } from '../../transfer.ts'
import { createHolder, fillers, newId, ROOT, readers, removeHolder } from './holders.ts'
import { changesOf, listVolumes } from './list.ts'
import { sent } from './sent.ts'

export function volumeTransfer(engine: Engine): VolumeTransfer {
  return {
    list: (project, options, signal) => listVolumes(engine, project, options, signal),
    out: (volume, place, signal) => read(engine, volume, place, signal),
    hold: (volume, place, signal) => hold(engine, volume, place, signal),
    replace: (volume, place, signal) => replace(engine, volume, place, signal),
    mark: (volume, place, signal) => mark(engine, volume, place, signal),
    release: (project, id, signal) => release(engine, project, id, signal),
    async clear(project, { halfFilled }, signal) {
      const stale = await readers(engine, project, signal)
      for (const { id } of stale) await removeHolder(engine, id)
      return {
        readers: stale.map(({ name }) => name).sort(),
        halfFilled: await half(engine, project, halfFilled, signal),
      }
    },
    changes: (project, signal) => changesOf(engine, project, signal),
  }
}

async function* read(
  engine: Engine,
  volume: string,
  place: HolderPlace,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // The create call would make a volume that does not exist.
  if (!(await engine.inspectVolume(volume, signal))) throw gone(volume)
  const labels = { [OURS.reading]: place.project }
  const id = await createHolder(engine, place, { labels, volume }, signal)
  try {
    yield* checkedTar(await engine.getArchive(id, `/${ROOT}`, signal), ROOT, { plain: true })
  } catch (thrown) {
    throw thrown instanceof ArchiveError ? failedInside(`volume ${volume}: ${thrown.message}`) : thrown
  } finally {
    await removeHolder(engine, id)
  }
}

/**
 * The mark comes before the volume, so that there is no moment at which the volume exists and seems whole. The volume carries the mark's
 * id: a volume that somebody else creates under its name between the two is not taken for ours.
 */
async function hold(engine: Engine, volume: NewVolume, place: HolderPlace, signal: AbortSignal): Promise<HeldVolume> {
  const marked = await mark(engine, volume.name, place, signal)
  try {
    await createVolume(engine, { ...volume, labels: labelsOf(volume, place) }, marked.id)
  } catch (thrown) {
    await marked.undo().catch(() => undefined)
    throw thrown
  }
  const labels = markLabels(place.project, volume.name, marked.id)
  return {
    ...marked,
    fill: (archive, filling) => fill(engine, { archive, volume: volume.name, place, labels }, filling),
  }
}

/** A volume cannot be emptied or renamed. */
async function replace(
  engine: Engine,
  volume: NewVolume,
  place: HolderPlace,
  signal: AbortSignal,
): Promise<HeldVolume> {
  await removeHalf(engine, place.project, volume.name, signal)
  if (await engine.inspectVolume(volume.name, signal)) await removeVolume(engine, volume.name)
  return hold(engine, volume, place, signal)
}

async function mark(engine: Engine, volume: string, place: HolderPlace, signal: AbortSignal): Promise<MarkedVolume> {
  await removeHalf(engine, place.project, volume, signal)
  if (await engine.inspectVolume(volume, signal)) throw exists(volume)
  const id = newId()
  await createHolder(engine, place, { labels: markLabels(place.project, volume, id) }, signal)
  return {
    id,
    release: () => release(engine, place.project, id),
    undo: () => removeHalf(engine, place.project, volume),
  }
}

function markLabels(project: string, volume: string, id: string): Record<string, string> {
  return { [OURS.filling]: project, [OURS.fillingVolume]: volume, [OURS.fillingId]: id }
}

/** As `up` labels it. */
function labelsOf({ key, labels }: NewVolume, { project }: HolderPlace): NewVolume['labels'] {
  if (key === undefined) return labels
  return { ...labels, [COMPOSE.project]: project, [COMPOSE.volume]: key, [COMPOSE.version]: CONVENTIONS }
}

async function release(engine: Engine, project: string, mark: string, signal?: AbortSignal): Promise<void> {
  const marks = await fillers(engine, project, signal)
  for (const { id, labels } of marks) if (labels[OURS.fillingId] === mark) await removeHolder(engine, id)
}

async function createVolume(engine: Engine, volume: NewVolume, id: string): Promise<void> {
  await engine.createVolume({
    Name: volume.name,
    Labels: { ...volume.labels, [OURS.fillingId]: id },
    ...(volume.driver !== undefined && { Driver: volume.driver }),
    ...(volume.options && { DriverOpts: { ...volume.options } }),
  })
  const made = await engine.inspectVolume(volume.name)
  if (made?.labels[OURS.fillingId] !== id) throw exists(volume.name)
}

interface Filling {
  archive: AsyncIterable<Uint8Array>
  volume: string
  place: HolderPlace
  labels: Record<string, string>
}

/**
 * The engine refuses links that lead out of the folder in which an archive is unpacked. Unpacked in the root folder, no link leads out; so
 * the names and links are checked here.
 */
async function fill(engine: Engine, { archive, volume, place, labels }: Filling, signal: AbortSignal): Promise<void> {
  const id = await createHolder(engine, place, { labels, volume }, signal)
  try {
    await sent(checkedTar(archive, ROOT), (source) => engine.putArchive(id, '/', source, { asUser: false }, signal))
  } finally {
    await removeHolder(engine, id)
  }
}

async function half(engine: Engine, project: string, remove: boolean, signal: AbortSignal): Promise<string[]> {
  const names = (await fillers(engine, project, signal)).map(({ labels }) => labels[OURS.fillingVolume] ?? '')
  const volumes = [...new Set(names)].sort()
  if (remove) for (const volume of volumes) await removeHalf(engine, project, volume, signal)
  return volumes
}

/** Removes a volume that is half filled, then what marks it. A volume that another program created under its name stays. */
async function removeHalf(engine: Engine, project: string, volume: string, signal?: AbortSignal): Promise<void> {
  const all = await fillers(engine, project, signal)
  const ours = all.filter(({ labels }) => labels[OURS.fillingVolume] === volume)
  if (ours.length === 0) return
  const ids = new Set(ours.map(({ labels }) => labels[OURS.fillingId]))
  const mounting = ours.filter(({ mounts }) => mounts.some(({ name }) => name === volume))
  for (const { id } of mounting) await removeHolder(engine, id)
  const there = await engine.inspectVolume(volume, signal)
  if (there && ids.has(there.labels[OURS.fillingId])) await removeVolume(engine, volume)
  for (const { id } of ours) await removeHolder(engine, id)
}

async function removeVolume(engine: Engine, volume: string): Promise<void> {
  try {
    await engine.removeVolume(volume)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'gone')) throw thrown
  }
}

function exists(volume: string): StackError {
  const hint = 'remove it first if its data are not needed, or unpack under another project name'
  return new StackError([error('foreign-resource', `volume "${volume}" exists already`, { hint })])
}

function gone(volume: string): StackError {
  return new StackError([error('unknown-resource', `volume "${volume}" does not exist`)])
}
