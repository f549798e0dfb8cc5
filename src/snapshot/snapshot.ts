import { ID_BYTES } from './chunk-index.ts'
import { StoreDamaged } from './damaged.ts'
import type { StoreDisk } from './store-disk.ts'

/** Each snapshot is a file `snapshots/ID.json`, which is written last. */
export const SNAPSHOTS = 'snapshots'
const VERSION = 1
const JSON_NAME = /^(.+)\.json$/

/** The content of several volumes at one time. */
export interface Snapshot<A = unknown> {
  /** Sorts by time; usable as a file name. */
  id: string
  /** RFC 3339, UTC. */
  created: string
  /** What the application knows about it: plain JSON. */
  about: A
  parts: SnapshotPart[]
}

/** An archive: the content of one volume. */
export interface SnapshotPart {
  name: string
  /** Of the archive. */
  bytes: number
  /** Of the archive, `sha256:…`. */
  digest: string
  /** The ids of its chunks in order, 32 bytes each. */
  chunks: Uint8Array
}

export function chunkIdsOf({ chunks }: SnapshotPart): Uint8Array[] {
  return Array.from({ length: chunks.length / ID_BYTES }, (_, at) =>
    chunks.subarray(at * ID_BYTES, (at + 1) * ID_BYTES),
  )
}

export async function writeSnapshot(disk: StoreDisk, snapshot: Snapshot): Promise<void> {
  const parts = snapshot.parts.map((part) => ({ ...part, chunks: Buffer.from(part.chunks).toString('base64') }))
  const text = JSON.stringify({ version: VERSION, ...snapshot, parts }, undefined, 1)
  await disk.put(SNAPSHOTS, `${snapshot.id}.json`, Buffer.from(`${text}\n`))
}

/** All snapshots, oldest first. Files of other names are ignored. */
export async function readSnapshots<A>(disk: StoreDisk): Promise<Snapshot<A>[]> {
  const names = (await disk.names(SNAPSHOTS)).filter((name) => JSON_NAME.test(name))
  const all = await Promise.all(names.map((name) => readSnapshot<A>(disk, name)))
  return all.sort((a, b) => (a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1))
}

async function readSnapshot<A>(disk: StoreDisk, name: string): Promise<Snapshot<A>> {
  const file = `${SNAPSHOTS}/${name}`
  const { version, id, created, about, parts } = parsed(await disk.read(SNAPSHOTS, name), file)
  const named = JSON_NAME.exec(name)?.[1]
  if (
    version !== VERSION ||
    typeof created !== 'string' ||
    typeof id !== 'string' ||
    id !== named ||
    !Array.isArray(parts)
  )
    throw new StoreDamaged(file)
  return { id, created, about: about as A, parts: parts.map((part) => partOf(part, file)) }
}

function parsed(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Reported as any other damage.
  }
  throw new StoreDamaged(file)
}

function partOf(value: unknown, file: string): SnapshotPart {
  const { name, bytes, digest, chunks } = (value ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || typeof bytes !== 'number' || typeof digest !== 'string' || typeof chunks !== 'string')
    throw new StoreDamaged(file)
  const ids = Buffer.from(chunks, 'base64')
  if (ids.length % ID_BYTES !== 0) throw new StoreDamaged(file)
  return { name, bytes, digest, chunks: ids }
}
