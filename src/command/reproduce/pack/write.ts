import { statfs } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { printSentence, printTable } from '../../../cli/show.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { reasonOf } from '../../../diagnostics/system-error.ts'
import { privateKey } from '../../../pack/sign.ts'
import type { PackSource } from '../../../pack/types.ts'
import { unfinishedBeside, writePack } from '../../../pack/write/write-pack.ts'
import { type PlannedPack, type PlannedSize, planPack } from '../../../project/packing/plan-pack.ts'
import { decimalSize } from '../../../view/size.ts'
import { byteProgress } from './progress.ts'
import { keyText } from './verify.ts'

export interface WriteFlags {
  output?: string
  service: readonly string[]
  images: boolean
  physical: boolean
  compress: 'gzip' | 'none'
  sign?: string
}

/** Packs the stack into a file. */
export async function packStack(context: Context, flags: WriteFlags): Promise<number> {
  const { project, host } = context
  const key = flags.sign === undefined ? undefined : keyText(context, flags.sign)
  if (key !== undefined) privateKey(key)
  const loaded = await project.loaded()
  const { service: services, images, physical } = flags
  const planned = await planPack(project, loaded, { services, images, physical, version: host.version })
  const file = resolve(host.cwd, flags.output ?? `${loaded.stack.name}.flotilla.tar`)
  await announce(context, planned, file)
  if (context.globals.dryRun) return 0
  const source = await planned.source()
  const { size, index } = await written(context, {
    file,
    source,
    planned,
    compress: flags.compress,
    ...(key !== undefined && { key }),
  })
  printSentence(context, `Wrote ${relative(host.cwd, file)}: ${decimalSize(size)}, content ${index.content}`)
  for (const part of index.leftOut) printSentence(context, `Not in it: ${part}`)
  const names = index.secrets.map(({ name }) => name)
  if (names.length > 0) printSentence(context, `Secrets, which are not in it: ${names.join(', ')}`)
  return 0
}

/** Says what will be read, and how much it is, before anything is. */
async function announce(context: Context, { sizes, warnings }: PlannedPack, file: string): Promise<void> {
  printTable(
    context,
    ['PART', 'NAME', 'SIZE'],
    sizes.map(({ what, name = '', bytes }) => [what, name, bytes === undefined ? 'not known' : decimalSize(bytes)]),
  )
  const view = await context.view()
  for (const each of warnings) view.say(each)
  const left = await unfinishedBeside(file)
  if (left.length > 0) view.say(`an earlier pack was not finished, and can be deleted: ${left.join(', ')}`)
  const free = await freeSpace(dirname(file))
  if (free !== undefined && free < totalOf(sizes))
    view.say(
      `${dirname(file)} has ${decimalSize(free)} left, and the parts have ${decimalSize(totalOf(sizes))} before they are compressed`,
    )
}

async function freeSpace(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined)
  return found && found.bavail * found.bsize
}

function totalOf(sizes: readonly PlannedSize[]): number {
  return sizes.reduce((total, { bytes = 0 }) => total + bytes, 0)
}

interface Job {
  file: string
  source: PackSource
  planned: PlannedPack
  compress: 'gzip' | 'none'
  key?: string
}

async function written(context: Context, { file, source, planned, compress, key }: Job) {
  const progress = byteProgress(context, 'Packed', totalOf(planned.sizes))
  try {
    const options = { signal: context.signal, compress, onProgress: progress.add, ...(key !== undefined && { key }) }
    return await writePack(file, source, options)
  } catch (thrown) {
    if (!isOfDisk(thrown)) throw thrown
    const hint = 'nothing was written; -o names another place'
    throw new StackError([error('pack-failed', `${file} cannot be written: ${reasonOf(thrown)}`, { hint })])
  } finally {
    progress.end()
  }
}

function isOfDisk(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown
}
