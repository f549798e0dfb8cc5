import { createHash } from 'node:crypto'
import { ChunkIndex, type ChunkPlace } from './chunk-index.ts'
import { StoreDamaged } from './damaged.ts'
import { DataFile, dataFiles, entriesOf, readChunk, removeDataFile, removeUnfinished } from './data-files.ts'
import { chunkIdsOf, readSnapshots, SNAPSHOTS, type Snapshot, type SnapshotPart } from './snapshot.ts'
import { SnapshotWriter } from './snapshot-writer.ts'
import type { StoreDisk } from './store-disk.ts'

/**
 * Snapshots on this machine. Archives are kept as chunks, each of which is stored once, whatever snapshot it belongs to. All methods require
 * that no other process writes to the store at the same time; they reject with `StoreDamaged`, or as `node:fs` does.
 */
export class SnapshotStore<A = unknown> {
  readonly #files: string[]

  private constructor(
    private readonly disk: StoreDisk,
    private readonly index: ChunkIndex,
    files: readonly string[],
  ) {
    this.#files = [...files]
  }

  /** Reads where all chunks are. */
  static async open<A>(disk: StoreDisk): Promise<SnapshotStore<A>> {
    const files = await dataFiles(disk)
    const index = new ChunkIndex()
    for (const [file, name] of files.entries())
      for (const { id, ...place } of await entriesOf(disk, name)) index.add(id, { file, ...place })
    return new SnapshotStore<A>(disk, index, files)
  }

  /** Oldest first. */
  list(): Promise<Snapshot<A>[]> {
    return readSnapshots<A>(this.disk)
  }

  /** Begins a snapshot, which exists once the writer has committed it. */
  async begin(): Promise<SnapshotWriter<A>> {
    await removeUnfinished(this.disk)
    const target = { has: (id: Uint8Array) => this.index.find(id) !== undefined, add: this.#adder() }
    const last = (await this.list()).at(-1)
    return new SnapshotWriter<A>(this.disk, target, last ? Date.parse(last.created) : 0)
  }

  /** Counts files from the first one that this object has written. */
  #adder() {
    return (name: string, id: Uint8Array, place: Omit<ChunkPlace, 'file'>) => {
      if (this.#files.at(-1) !== name) this.#files.push(name)
      this.index.add(id, { file: this.#files.length - 1, ...place })
    }
  }

  /** The archive, byte by byte as it was written. Rejects before its last chunk if it is not the same. */
  async *read(part: SnapshotPart): AsyncGenerator<Uint8Array> {
    const whole = createHash('sha256')
    let held: Uint8Array | undefined
    for (const id of chunkIdsOf(part)) {
      const bytes = await this.#chunk(part, id)
      whole.update(bytes)
      if (held) yield held
      held = bytes
    }
    if (`sha256:${whole.digest('hex')}` !== part.digest) throw new StoreDamaged(`${SNAPSHOTS}: ${part.name}`)
    if (held) yield held
  }

  async #chunk(part: SnapshotPart, id: Uint8Array): Promise<Uint8Array> {
    const place = this.index.find(id)
    const name = place && this.#files[place.file]
    if (!place || name === undefined) throw new StoreDamaged(`${SNAPSHOTS}: ${part.name}`)
    return readChunk(this.disk, name, { id, ...place })
  }

  /** The bytes that only this snapshot needs are free after the next `prune`. */
  remove(id: string): Promise<void> {
    return this.disk.remove(SNAPSHOTS, `${id}.json`)
  }

  /**
   * Frees what no snapshot needs: data files without a needed chunk go, and those that are needed for less than half are written anew.
   * The store must be opened again afterwards.
   * @returns the bytes of chunks before and after
   */
  async prune(): Promise<{ before: number; after: number }> {
    await removeUnfinished(this.disk)
    const needed = new Set<string>()
    for (const { parts } of await this.list())
      for (const id of parts.flatMap(chunkIdsOf)) needed.add(Buffer.from(id).toString('latin1'))
    const result = { before: 0, after: 0 }
    for (const name of await dataFiles(this.disk)) {
      const { size, kept } = await this.#pruneFile(name, needed)
      result.before += size
      result.after += kept
    }
    return result
  }

  async #pruneFile(name: string, needed: Set<string>): Promise<{ size: number; kept: number }> {
    const entries = await entriesOf(this.disk, name)
    const wanted = entries.filter(({ id }) => needed.delete(Buffer.from(id).toString('latin1')))
    const [size, kept] = [entries, wanted].map((all) => all.reduce((sum, { length }) => sum + length, 0)) as [
      number,
      number,
    ]
    if (kept * 2 >= size && kept > 0) return { size, kept: size }
    if (kept > 0) {
      const fresh = new DataFile(this.disk)
      for (const entry of wanted) await fresh.append(entry.id, await readChunk(this.disk, name, entry))
      await fresh.finish()
    }
    await removeDataFile(this.disk, name)
    return { size, kept }
  }

  /** The bytes of all chunks. */
  async size(): Promise<number> {
    let size = 0
    for (const name of await dataFiles(this.disk))
      for (const { length } of await entriesOf(this.disk, name)) size += length
    return size
  }
}
