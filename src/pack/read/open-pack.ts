import { type FileHandle, open } from 'node:fs/promises'
import { reasonOf } from '../../diagnostics/system-error.ts'
import { INDEX, MANIFEST, SIGNATURE } from '../bag/layout.ts'
import type { Comparable } from '../diff.ts'
import { imageArchive } from '../images/image-archive.ts'
import { refused } from '../problem.ts'
import { publicKey } from '../sign.ts'
import type { Compressed, Limits, PackHeaders, ReadOptions, VerifiedPack } from '../types.ts'
import { plainContent } from './content.ts'
import { PackFile } from './file.ts'
import { parseIndex } from './index-shape.ts'
import { checkTotals, LIMITS } from './limits.ts'
import { type ReadText, sumsOf } from './lists.ts'
import { readStructure, type Structure } from './structure.ts'
import { verify } from './verify.ts'

/** Reads the headers and the index of a pack, a few bytes for each member, whatever its size. Checks no checksum. */
export async function readPackHeaders(path: string, options: ReadOptions): Promise<PackHeaders> {
  return readPackHeadersFrom(await openedFile(path), options)
}

/** Does the same with an open file, and closes it. */
export async function readPackHeadersFrom(handle: FileHandle, options: ReadOptions): Promise<PackHeaders> {
  try {
    return headersOf(await examined(handle, options))
  } finally {
    await handle.close()
  }
}

/** By what a pack is compared with another one: its index and its list of checksums. Neither is verified. Closes the file. */
export async function readComparable(handle: FileHandle, options: ReadOptions): Promise<Comparable> {
  try {
    const { index, read } = await examined(handle, options)
    return { index, sums: sumsOf(await read(MANIFEST), MANIFEST) }
  } finally {
    await handle.close()
  }
}

/** Opens a pack and verifies every byte of it. Contents are read afterwards through the same descriptor. */
export async function openPack(path: string, options: ReadOptions): Promise<VerifiedPack> {
  return openPackFrom(await openedFile(path), options)
}

/** Does the same with an open file, and closes it at the end or on failure. */
export async function openPackFrom(handle: FileHandle, options: ReadOptions): Promise<VerifiedPack> {
  try {
    const key = options.key === undefined ? undefined : publicKey(options.key)
    const pack = await examined(handle, options)
    const images = await verify({
      ...pack,
      signal: options.signal,
      onProgress: options.onProgress,
      ...(key && { key }),
    })
    return verified(pack, images)
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

export async function openedFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (thrown) {
    throw refused(`${path} cannot be read: ${reasonOf(thrown as Error)}`)
  }
}

interface Examined {
  file: PackFile
  structure: Structure
  index: ReturnType<typeof parseIndex>
  read: ReadText
}

async function examined(handle: FileHandle, { signal, limits: given }: ReadOptions): Promise<Examined> {
  const limits: Limits = { ...LIMITS, ...given }
  const stats = await handle.stat()
  if (!stats.isFile()) throw refused('this is not a file')
  const file = new PackFile(handle, stats)
  const structure = await readStructure(file, limits, signal)
  const read = textReader(file, structure, limits.text)
  const index = parseIndex(await read(INDEX))
  checkTotals(structure, index, { size: file.size, limits })
  return { file, structure, index, read }
}

function textReader(file: PackFile, { byPath }: Structure, most: number): ReadText {
  return async (path) => {
    const member = byPath.get(path)
    if (!member) throw refused('it is missing', path)
    if (member.size > most) throw refused(`it has more than ${most} bytes`, path)
    return file.bytes(member.offset, member.size)
  }
}

function headersOf({ file, structure, index }: Examined): PackHeaders {
  return { index, members: structure.members, size: file.size, isSigned: structure.byPath.has(SIGNATURE) }
}

function verified(pack: Examined, images: Awaited<ReturnType<typeof verify>>): VerifiedPack {
  const { file, structure, index } = pack
  const compressed = new Map<string, Compressed>(index.compressed.map((each) => [each.path, each]))
  return {
    ...headersOf(pack),
    async *content(path) {
      const member = structure.byPath.get(`data/${path}`)
      if (!member) throw refused('it is missing', `data/${path}`)
      await file.checkUnchanged()
      yield* plainContent(file, member, compressed.get(path))
      await file.checkUnchanged()
    },
    async *images(contentIds) {
      await file.checkUnchanged()
      const chosen = images.filter(({ contentId }) => contentIds?.includes(contentId) ?? true)
      yield* imageArchive(chosen, (path) => {
        const member = structure.byPath.get(path)
        if (!member) throw refused('it is missing', path)
        return { size: member.size, content: file.stream(member.offset, member.size) }
      })
      await file.checkUnchanged()
    },
    close: () => file.handle.close(),
  }
}
