import type { Context } from '../../../cli/context.ts'
import { printJson, printTable } from '../../../cli/show.ts'
import { bytesIn, type VolumeSnapshot } from '../../../project/snapshots/about.ts'
import { chosenSnapshot } from '../../../project/snapshots/choose.ts'
import { withStore } from '../../../project/snapshots/store.ts'
import { decimalSize } from '../../../view/size.ts'
import type { SnapshotInput } from './flags.ts'
import { oneName } from './one-name.ts'

const HEADINGS = ['SNAPSHOT', 'CREATED', 'PROJECT', 'VOLUMES', 'SIZE', 'NOTE']

export async function list(
  context: Context,
  words: readonly string[],
  { all, format }: SnapshotInput['flags'],
): Promise<number> {
  oneName('ls', words, 0)
  const { project } = context
  const found = await withStore(project, (store) => store.list())
  const name = all ? undefined : await project.existingName()
  const shown = found.filter(({ about }) => name === undefined || about.project === name)
  if (format === 'json') printJson(context, shown.map(dataOf))
  else if (shown.length > 0) printTable(context, HEADINGS, shown.map(rowOf))
  else (await context.view()).say(name === undefined ? 'there are no snapshots' : `project ${name} has no snapshots`)
  return 0
}

function rowOf(snapshot: VolumeSnapshot): string[] {
  const { id, created, about, parts } = snapshot
  const note = about.automatic ? `(${about.note ?? 'automatic'})` : (about.note ?? '')
  return [id, localTime(created), about.project, String(parts.length), decimalSize(bytesIn(snapshot)), note]
}

function localTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

/** Without labels and options, which may hold secrets. */
function dataOf({ id, created, about, parts }: VolumeSnapshot) {
  const { project, automatic, note } = about
  const volumes = about.volumes.map(({ name, services }) => {
    const { bytes, digest } = parts.find((part) => part.name === name) ?? {}
    return { name, services, bytes, digest }
  })
  return { id, created, project, automatic, ...(note !== undefined && { note }), volumes }
}

export async function show(
  context: Context,
  words: readonly string[],
  { format }: SnapshotInput['flags'],
): Promise<number> {
  const word = oneName('show', words, 1)
  const { project } = context
  const name = await project.existingName()
  const found = await withStore(project, async (store) => chosenSnapshot(await store.list(), word, name))
  const data = dataOf(found)
  if (format === 'json') printJson(context, data)
  else printTable(context, ['VOLUME', 'SERVICES', 'SIZE', 'SHA-256'], data.volumes.map(volumeRow))
  return 0
}

type VolumeData = ReturnType<typeof dataOf>['volumes'][number]

function volumeRow({ name, services, bytes = 0, digest = '' }: VolumeData): string[] {
  return [name, services.join(', '), decimalSize(bytes), digest.replace('sha256:', '').slice(0, 12)]
}
