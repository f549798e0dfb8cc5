import { createHash, randomBytes } from 'node:crypto'
import type { ChunkPlace } from './chunk-index.ts'
import { chunksOf } from './chunks.ts'
import { DataFile, removeDataFile, sha256 } from './data-files.ts'
import { type Snapshot, type SnapshotPart, writeSnapshot } from './snapshot.ts'
import type { StoreDisk } from './store-disk.ts'

/** The chunks that a store has. */
export interface KnownChunks {
  has(id: Uint8Array): boolean
  add(file: string, id: Uint8Array, place: Omit<ChunkPlace, 'file'>): void
}

/** Writes one snapshot. Archives may be added at the same time. */
export class SnapshotWriter<A> {
  #file: DataFile
  readonly #written: string[] = []
  /** Chunks are written one after the other, whatever archive they come from. */
  #last: Promise<void> = Promise.resolve()
  #stored = 0

  constructor(
    private readonly disk: StoreDisk,
    private readonly known: KnownChunks,
    /** The time of the newest snapshot, in milliseconds since the epoch. */
    private readonly newest: number,
  ) {
    this.#file = new DataFile(disk)
  }

  /** The bytes that the store did not have before. */
  get stored(): number {
    return this.#stored
  }

  /** Reads an archive to its end. */
  async add(name: string, archive: AsyncIterable<Uint8Array>): Promise<SnapshotPart> {
    const whole = createHash('sha256')
    const ids: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of chunksOf(archive)) {
      whole.update(chunk)
      bytes += chunk.length
      const id = sha256(chunk)
      ids.push(id)
      if (!this.known.has(id)) await this.#inTurn(() => this.#store(id, chunk))
    }
    return { name, bytes, digest: `sha256:${whole.digest('hex')}`, chunks: Buffer.concat(ids) }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work)
    return this.#last
  }

  async #store(id: Uint8Array, chunk: Uint8Array): Promise<void> {
    // Another archive may have brought it meanwhile.
    if (this.known.has(id)) return
    if (this.#file.isFull) await this.#nextFile()
    this.#stored += chunk.length
    this.known.add(this.#file.name, id, await this.#file.append(id, chunk))
  }

  async #nextFile(): Promise<void> {
    this.#written.push(this.#file.name)
    await this.#file.finish()
    this.#file = new DataFile(this.disk)
  }

  /** Makes the snapshot exist. Its time is later than that of all others, whatever the clock says. */
  async commit(about: A, parts: readonly SnapshotPart[], now: Date): Promise<Snapshot<A>> {
    if (this.#stored > 0) await this.#nextFile()
    const created = new Date(Math.max(now.getTime(), this.newest + 1)).toISOString()
    const id = `${created.replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`
    const snapshot = { id, created, about, parts: [...parts] }
    await writeSnapshot(this.disk, snapshot)
    return snapshot
  }

  /** Removes what was written. The store must be opened again afterwards. */
  async abort(): Promise<void> {
    await this.#last.catch(() => undefined)
    for (const name of [...this.#written, this.#file.name]) await removeDataFile(this.disk, name)
  }
}
