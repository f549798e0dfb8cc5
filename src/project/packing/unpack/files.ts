import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unpackTree } from '../../../archive/unpack.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { reasonOf } from '../../../diagnostics/system-error.ts'
import type { Member, VerifiedPack } from '../../../pack/types.ts'
import { type Places, placeOf } from './places.ts'

/** Writes the files of a pack into the staging folder, which is emptied first. Throws a StackError. */
export async function stageFiles(pack: VerifiedPack, places: Places, signal: AbortSignal): Promise<void> {
  try {
    await rm(places.staging, { recursive: true, force: true })
    await mkdir(places.stack, { recursive: true, mode: 0o777 })
    await checkSpace(pack, places)
    const files = pack.members.flatMap((member) => ofFiles(member))
    for (const { path, executable } of files.filter(({ path }) => !path.startsWith('files/'))) {
      signal.throwIfAborted()
      const place = placeOf(places, path)
      if (place !== undefined) await writeFile(place, pack.content(path), executable)
    }
    for (const { path } of files.filter(({ path }) => path.startsWith('files/'))) {
      signal.throwIfAborted()
      await unpackArchive(pack, path, places)
    }
  } catch (thrown) {
    throw asProblem(thrown)
  }
}

/** Without `data/`. */
function ofFiles({ path, executable }: Member): { path: string; executable: boolean }[] {
  const [, below] = /^data\/((?:stack|outside|files)\/.*)$/s.exec(path) ?? []
  return below === undefined ? [] : [{ path: below, executable }]
}

async function writeFile(place: string, content: AsyncIterable<Uint8Array>, executable: boolean): Promise<void> {
  await mkdir(dirname(place), { recursive: true })
  const file = await open(place, 'wx', executable ? 0o777 : 0o666)
  try {
    for await (const chunk of content) await file.writeFile(chunk)
    // As plain tar leaves them: newer times would make images older than the sources that they were built from.
    await file.utimes(0, 0)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** `files/outside/1.tar.gz` holds the content of `outside/1/`, and `files/stack.tar.gz` that of the stack's own folder. */
async function unpackArchive(pack: VerifiedPack, path: string, places: Places): Promise<void> {
  const place = placeOf(places, path.replace(/^files\//, '').replace(/\.tar(?:\.gz)?$/, ''))
  if (place === undefined) return
  await mkdir(dirname(place), { recursive: true })
  const chunks = pack.content(path)[Symbol.asyncIterator]()
  try {
    await unpackTree({ [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) }, place)
    // Up to its end, where its checksum is compared again.
    while (!(await chunks.next()).done);
  } finally {
    await chunks.return?.()
  }
}

async function checkSpace(pack: VerifiedPack, { staging }: Places): Promise<void> {
  const plain = new Map(pack.index.compressed.map(({ path, size }) => [path, size]))
  const sizes = pack.members.flatMap((member) =>
    ofFiles(member).map(({ path }) => Math.max(member.size, plain.get(path) ?? 0)),
  )
  const needed = sizes.reduce((total, size) => total + size, 0)
  const { bavail, bsize } = await statfs(staging)
  if (needed > bavail * bsize)
    throw new StackError([
      error('unpack-failed', `the files of the pack need ${needed} bytes, and the disk has ${bavail * bsize} left`),
    ])
}

export function asProblem(thrown: unknown): unknown {
  // An abort has a number as its code.
  const isOfFile = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
  if (thrown instanceof StackError || !isOfFile) return thrown
  return new StackError([error('unpack-failed', `the files cannot be written: ${reasonOf(thrown)}`)], { cause: thrown })
}
