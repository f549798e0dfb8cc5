import type { Replica } from '../../../backend/read/containers.ts'
import type { KeptVolume } from '../../../backend/transfer.ts'
import type { Context } from '../../../cli/context.ts'
import { printSentence } from '../../../cli/show.ts'
import { replicaName } from '../../../project/replicas.ts'
import { bytesIn } from '../../../project/snapshots/about.ts'
import { type Created, createSnapshot, surveyVolumes } from '../../../project/snapshots/create.ts'
import { withStore } from '../../../project/snapshots/store.ts'
import { settle, withLock } from '../../../project/with-lock.ts'
import { decimalSize } from '../../../view/size.ts'
import { byteProgress } from '../pack/progress.ts'
import type { SnapshotInput } from './flags.ts'

export async function create(
  context: Context,
  services: readonly string[],
  { note }: SnapshotInput['flags'],
): Promise<number> {
  const { project } = context
  const view = await context.view()
  if (context.globals.dryRun) {
    const { volumes, running } = await surveyVolumes(project, services)
    view.say(`would keep ${namesOf(volumes)}; ${running.length} containers would wait meanwhile`)
    return 0
  }
  let progress: ReturnType<typeof byteProgress> | undefined
  const onBegin = (volumes: readonly KeptVolume[], frozen: readonly Replica[]) => {
    view.say(beginText(volumes, frozen))
    progress = byteProgress(context, 'Reading', sizeOf(volumes))
  }
  const onBytes = (bytes: number) => progress?.add(bytes)
  const request = { services, automatic: false, ...(note && { note }), onBegin, onBytes }
  const created = await withLock(project, { command: 'snapshot' }, async () => {
    await settle(project)
    return withStore(project, (store) => createSnapshot(project, store, request)).finally(() => progress?.end())
  })
  printSentence(context, createdText(created))
  return 0
}

function beginText(volumes: readonly KeptVolume[], frozen: readonly Replica[]): string {
  const what = `${volumes.length === 1 ? 'one volume' : `${volumes.length} volumes`}, ${decimalSize(sizeOf(volumes))}`
  return frozen.length === 0
    ? `Reading ${what}`
    : `Reading ${what}; ${frozen.map(replicaName).join(', ')} wait meanwhile`
}

const namesOf = (volumes: readonly KeptVolume[]) => volumes.map(({ name }) => name).join(', ')

/** Known volumes only. */
function sizeOf(volumes: readonly KeptVolume[]): number {
  return volumes.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
}

export function createdText({ snapshot, stored }: Created): string {
  return `Snapshot ${snapshot.id}: ${decimalSize(bytesIn(snapshot))}, of which ${decimalSize(stored)} are new in the store`
}
