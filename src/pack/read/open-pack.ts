import { type FileHandle, open } from 'node:fs/promises'
import { reasonOf } from '../../diagnostics/system-error.ts'
import { BLOBS, INDEX, MANIFEST, SIGNATURE } from '../bag/layout.ts'
import type { Comparable } from '../diff.ts'
import { imageArchive } from '../images/image-archive.ts'
import { refused } from '../problem.ts'
import { publicKey } from '../sign.ts'
import type { Compressed, Limits, Member, PackHeaders, ReadOptions, VerifiedPack } from '../types.ts'
import { Measure } from '../write/measure.ts'
import { plainContent } from './content.ts'
import { changed, PackFile } from './file.ts'
import { parseIndex } from './index-shape.ts'
import { checkTotals, LIMITS } from './limits.ts'
import { type ReadText, sumsOf } from './lists.ts'
import { readStructure, type Structure } from './structure.ts'
import { type Found, verify } from './verify.ts'

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
    const found = await verify({
      ...pack,
      signal: options.signal,
      onProgress: options.onProgress,
      ...(key && { key }),
    })
    return verified(pack, found)
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
  const stats = await handle.stat({ bigint: true })
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

/** Checksums are compared again while contents are read: the times of a file are coarse on some file systems. */
function verified(pack: Examined, { images, sums }: Found): VerifiedPack {
  const { file, structure, index } = pack
  const compressed = new Map<string, Compressed>(index.compressed.map((each) => [each.path, each]))
  const sumOf = new Map(sums.map(({ path, sha256 }) => [path, sha256]))
  const memberAt = (path: string) => {
    const member = structure.byPath.get(path)
    if (!member) throw refused('it is missing', path)
    return member
  }
  return {
    ...headersOf(pack),
    async *content(path) {
      const member = memberAt(`data/${path}`)
      await file.checkUnchanged()
      yield* plainContent(file, member, compressed.get(path), ({ stored }) => {
        if (stored !== sumOf.get(member.path)) throw changed(member.path)
      })
      await file.checkUnchanged()
    },
    async *images(contentIds) {
      await file.checkUnchanged()
      const chosen = images.filter(({ contentId }) => contentIds?.includes(contentId) ?? true)
      yield* imageArchive(chosen, (path) => {
        const member = memberAt(path)
        return { size: member.size, content: blob(file, member) }
      })
      await file.checkUnchanged()
    },
    close: () => file.handle.close(),
  }
}

/** As it is stored; its name is its checksum. */
async function* blob(file: PackFile, { path, offset, size }: Member): AsyncGenerator<Uint8Array> {
  const measure = new Measure()
  yield* measure.through(file.stream(offset, size))
  if (path !== `${BLOBS}${measure.sha256()}`) throw changed(path)
}
