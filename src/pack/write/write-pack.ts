import { randomBytes } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ArchiveError } from '../../archive/read-tar.ts'
import { isBaseName } from '../bag/names.ts'
import { unwritable } from '../problem.ts'
import { privateKey } from '../sign.ts'
import type { PackIndex, PackSource } from '../types.ts'
import { writeMembers } from './members.ts'
import { Output } from './output.ts'

export interface WriteOptions {
  signal: AbortSignal
  compress: 'gzip' | 'none'
  /** Called with the bytes that were read from sources since the last call. */
  onProgress?(bytes: number): void
  /** A PEM text: the private key that signs the pack. */
  key?: string
}

export interface WrittenPack {
  index: PackIndex
  /** Bytes of the file. */
  size: number
}

/**
 * Writes a pack to a file: beside it, under a temporary name, then synced and renamed. A file of that name is replaced by the whole pack or not
 * at all.
 */
export async function writePack(file: string, source: PackSource, options: WriteOptions): Promise<WrittenPack> {
  if (!isBaseName(source.name)) throw unwritable(`"${source.name}" cannot be the name of a pack`)
  const key = options.key === undefined ? undefined : privateKey(options.key)
  const beside = `${file}.${randomBytes(4).toString('hex')}.partial`
  const handle = await open(beside, 'wx', 0o666)
  try {
    const output = new Output(handle, source.name)
    const index = await writeMembers(output, source, options, key)
    await output.finish()
    const { size } = await handle.stat()
    await handle.close()
    options.signal.throwIfAborted()
    await rename(beside, file)
    await syncFolder(dirname(file))
    return { index, size }
  } catch (thrown) {
    await handle.close().catch(() => {})
    await rm(beside, { force: true })
    throw explained(thrown)
  }
}

/** What a source delivers may be no archive, or one that is not whole. */
function explained(thrown: unknown): unknown {
  const isZlib = thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_')
  if (!(thrown instanceof ArchiveError) && !isZlib) return thrown
  return unwritable(`what the engine delivers cannot be packed: ${(thrown as Error).message}`)
}

/** What killed commands left beside a pack. */
export async function unfinishedBeside(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => [])
  const isUnfinished = (name: string) => name.startsWith(`${basename(file)}.`) && /\.[0-9a-f]{8}\.partial$/.test(name)
  return names.filter(isUnfinished).map((name) => join(dirname(file), name))
}

/** Windows cannot sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
