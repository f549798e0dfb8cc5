import { createHash, randomBytes } from 'node:crypto'
import { type ChunkPlace, ID_BYTES } from './chunk-index.ts'
import { StoreDamaged } from './damaged.ts'
import type { StoreDisk, StoreFile } from './store-disk.ts'

/**
 * Chunks are in files of about 32 MiB, `data/NAME.chunks`: the chunks one after the other. Beside each, `data/NAME.index` says where each
 * chunk is: entries of 40 bytes (its SHA-256, then offset and length as big-endian 32-bit numbers), and at the end the SHA-256 of all
 * entries. The index is written last: chunks without one are what a killed command left.
 */
export const DATA = 'data'
const CHUNKS = '.chunks'
const INDEX = '.index'
const ENTRY = ID_BYTES + 8
const FULL = 32 << 20
/** Small chunks are written together. */
const BATCH = 1 << 20

export interface Entry extends Omit<ChunkPlace, 'file'> {
  id: Uint8Array
}

/** The names of all complete data files, sorted. */
export async function dataFiles(disk: StoreDisk): Promise<string[]> {
  const names = await disk.names(DATA)
  return names.filter((name) => name.endsWith(INDEX)).map((name) => name.slice(0, -INDEX.length))
}

/** Removes what killed commands left. Requires that nobody writes. */
export async function removeUnfinished(disk: StoreDisk): Promise<void> {
  const complete = new Set(await dataFiles(disk))
  const isKept = (name: string) =>
    name.endsWith(INDEX) || (name.endsWith(CHUNKS) && complete.has(name.slice(0, -CHUNKS.length)))
  for (const name of await disk.names(DATA)) if (!isKept(name)) await disk.remove(DATA, name)
}

/** The index goes first: without it the chunks count as unfinished. */
export async function removeDataFile(disk: StoreDisk, name: string): Promise<void> {
  await disk.remove(DATA, name + INDEX)
  await disk.remove(DATA, name + CHUNKS)
}

export async function entriesOf(disk: StoreDisk, name: string): Promise<Entry[]> {
  const bytes = Buffer.from(await disk.read(DATA, name + INDEX))
  const entries = bytes.subarray(0, -ID_BYTES)
  if (entries.length % ENTRY !== 0 || !sha256(entries).equals(bytes.subarray(-ID_BYTES)))
    throw new StoreDamaged(`${DATA}/${name}${INDEX}`)
  return Array.from({ length: entries.length / ENTRY }, (_, at) => {
    const entry = entries.subarray(at * ENTRY, (at + 1) * ENTRY)
    return {
      id: entry.subarray(0, ID_BYTES),
      offset: entry.readUInt32BE(ID_BYTES),
      length: entry.readUInt32BE(ID_BYTES + 4),
    }
  })
}

/** Reads a chunk, and compares it with its id. */
export async function readChunk(disk: StoreDisk, name: string, { id, offset, length }: Entry): Promise<Uint8Array> {
  const bytes = await disk.readAt(DATA, name + CHUNKS, { offset, length })
  if (!sha256(bytes).equals(id)) throw new StoreDamaged(`${DATA}/${name}${CHUNKS}`)
  return bytes
}

/** Writes one data file. */
export class DataFile {
  readonly name = randomBytes(8).toString('hex')
  readonly #entries: Entry[] = []
  #batch: Uint8Array[] = []
  #waiting = 0
  #size = 0
  #file: Promise<StoreFile> | undefined

  constructor(private readonly disk: StoreDisk) {}

  get isFull(): boolean {
    return this.#size >= FULL
  }

  /** Copies the bytes. Chunks are on disk once the file is finished. */
  async append(id: Uint8Array, bytes: Uint8Array): Promise<Omit<ChunkPlace, 'file'>> {
    const place = { offset: this.#size, length: bytes.length }
    this.#entries.push({ id, ...place })
    this.#size += bytes.length
    this.#waiting += bytes.length
    this.#batch.push(bytes.slice())
    if (this.#waiting >= BATCH) await this.#write()
    return place
  }

  async #write(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    this.#waiting = 0
    this.#file ??= this.disk.create(DATA, this.name + CHUNKS)
    await (await this.#file).append(Buffer.concat(batch))
  }

  async finish(): Promise<void> {
    await this.#write()
    await (await this.#file)?.finish()
    const entries = Buffer.concat(this.#entries.map(bytesOf))
    await this.disk.put(DATA, this.name + INDEX, Buffer.concat([entries, sha256(entries)]))
  }
}

function bytesOf({ id, offset, length }: Entry): Buffer {
  const place = Buffer.alloc(8)
  place.writeUInt32BE(offset, 0)
  place.writeUInt32BE(length, 4)
  return Buffer.concat([id, place])
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
