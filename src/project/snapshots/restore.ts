import { capabilityOf } from '../../backend/capability.ts'
import { REMOVE } from '../../backend/intent.ts'
import type { Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Outcome } from '../../execute/execute.ts'
import type { SnapshotPart } from '../../snapshot/snapshot.ts'
import type { SnapshotStore } from '../../snapshot/store.ts'
import { carryOut, planIntent } from '../converge.ts'
import type { Project } from '../project.ts'
import { wantedFor } from '../wanted.ts'
import { type About, type SnapshotVolume, type VolumeSnapshot, volumesOf } from './about.ts'
import { type Created, createSnapshot, type SnapshotRequest } from './create.ts'
import { PendingRestores } from './pending-restores.ts'

export interface RestoreRequest extends Pick<SnapshotRequest, 'onBytes'> {
  snapshot: VolumeSnapshot
  /** The services whose volumes are restored; none: all that are in it. */
  services: readonly string[]
  /** Whether to keep the present content in an automatic snapshot. */
  keepsPresent: boolean
  /** Called once the present content is kept. */
  onKept?(kept: Created): void
}

/** The names of the restored volumes; or the outcome of removing containers, if that failed. */
export type Restored = { volumes: string[] } | { failed: Outcome }

/**
 * Replaces the content of volumes by that of a snapshot. Containers that use them are removed before. What is not whole
 * yet is recorded, so that `up` refuses it after a kill. Requires the locks of the project and of the store.
 */
export async function restoreSnapshot(
  project: Project,
  store: SnapshotStore<About>,
  request: RestoreRequest,
): Promise<Restored> {
  const name = await project.existingName()
  const chosen = chosenVolumes(request)
  const transfer = capabilityOf(await project.reader(), 'transfer')
  const present = await presentUsers(project, { transfer, name }, chosen)
  if (request.keepsPresent && present.exist) {
    const { onBytes } = request
    const kept = { services: present.services, automatic: true, note: 'before restore', ...(onBytes && { onBytes }) }
    if (present.services.length > 0) request.onKept?.(await createSnapshot(project, store, kept))
  }
  if (present.services.length > 0) {
    const outcome = await removeContainers(project, present.services)
    if (!outcome.ok) return { failed: outcome }
  }
  const pending = await PendingRestores.of(project)
  for (const { volume } of chosen) pending.begin({ volume: volume.name, snapshot: request.snapshot.id })
  for (const each of chosen) {
    await restoreOne(project, { transfer, store, name }, each)
    pending.end(each.volume.name)
  }
  return { volumes: chosen.map(({ volume }) => volume.name) }
}

interface Chosen {
  volume: SnapshotVolume
  part: SnapshotPart
}

/** Throws a StackError for a service that has no volume in it. */
export function chosenVolumes({ snapshot, services }: Pick<RestoreRequest, 'snapshot' | 'services'>): Chosen[] {
  const all = volumesOf(snapshot)
  const found = all.filter(
    ({ volume }) => services.length === 0 || volume.services.some((each) => services.includes(each)),
  )
  const unknown = services.filter((name) => all.every(({ volume }) => !volume.services.includes(name)))
  if (unknown.length === 0) return found
  const known = [...new Set(all.flatMap(({ volume }) => volume.services))].join(', ')
  const hint = `it has volumes of ${known}`
  throw new StackError(
    unknown.map((name) =>
      error('unknown-service', `snapshot ${snapshot.id} has no volume of service "${name}"`, { hint }),
    ),
  )
}

/** The services that use these volumes now. */
async function presentUsers(
  project: Project,
  { transfer, name }: { transfer: Transfer; name: string },
  chosen: readonly Chosen[],
): Promise<{ services: string[]; exist: boolean }> {
  const wanted = new Set(chosen.map(({ volume }) => volume.name))
  const all = await transfer.volumes.list(name, { sizes: false }, project.signal)
  const present = all.filter((volume) => wanted.has(volume.name))
  const services = new Set(present.flatMap(({ users }) => users.map(({ service }) => service)))
  return { services: [...services].sort(), exist: present.length > 0 }
}

async function removeContainers(project: Project, services: string[]): Promise<Outcome> {
  const wanted = await wantedFor(project, { ...REMOVE, services, stop: true })
  const { plan } = await planIntent(project, wanted)
  return carryOut(project, plan)
}

async function restoreOne(
  { signal }: Project,
  { transfer, store, name }: { transfer: Transfer; store: SnapshotStore<About>; name: string },
  { volume, part }: Chosen,
): Promise<void> {
  const { name: own, driver, labels, options, image } = volume
  const held = await transfer.volumes.replace({ name: own, driver, labels, options }, { project: name, image }, signal)
  // After a failure the mark stays: without it, a volume that is half filled would seem to be whole.
  await held.fill(store.read(part), signal)
  await held.release()
}
