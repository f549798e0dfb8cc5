import type { StoreDisk, StoreFile } from '../../src/snapshot/store-disk.ts'

/** Ends the work at a call, as a kill would: nothing after it happens. */
export class Killed extends Error {}

/** A disk of a snapshot store in memory. `killAt` counts the calls that change something; the last one may take effect in part. */
export class MemoryStoreDisk implements StoreDisk {
  files = new Map<string, Buffer>()
  calls = 0
  killAt = Number.POSITIVE_INFINITY

  async create(folder: string, name: string): Promise<StoreFile> {
    this.#change(() => this.files.set(`${folder}/${name}`, Buffer.alloc(0)))
    return {
      append: async (bytes) => this.#append(`${folder}/${name}`, bytes),
      finish: async () => this.#change(() => undefined),
    }
  }

  async put(folder: string, name: string, content: Uint8Array): Promise<void> {
    const path = `${folder}/${name}`
    const half = `${path}.1234.new`
    this.#change(
      () => this.files.set(path, Buffer.from(content)),
      () => this.files.set(half, Buffer.from(content.subarray(0, content.length / 2))),
    )
  }

  async read(folder: string, name: string): Promise<Uint8Array> {
    const content = this.files.get(`${folder}/${name}`)
    if (!content) throw Object.assign(new Error(`no ${folder}/${name}`), { code: 'ENOENT' })
    return content
  }

  async readAt(folder: string, name: string, { offset, length }: { offset: number; length: number }) {
    return (await this.read(folder, name)).subarray(offset, offset + length)
  }

  async names(folder: string): Promise<string[]> {
    const inside = [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`))
    return inside.map((path) => path.slice(folder.length + 1)).sort()
  }

  async remove(folder: string, name: string): Promise<void> {
    this.#change(() => this.files.delete(`${folder}/${name}`))
  }

  #append(path: string, bytes: Uint8Array): void {
    const before = this.files.get(path) ?? Buffer.alloc(0)
    const with_ = (part: Uint8Array) => this.files.set(path, Buffer.concat([before, part]))
    this.#change(
      () => with_(bytes),
      () => with_(bytes.subarray(0, bytes.length / 2)),
    )
  }

  #change(work: () => unknown, inPart: () => unknown = () => undefined): void {
    this.calls += 1
    if (this.calls > this.killAt) throw new Killed()
    if (this.calls === this.killAt) {
      inPart()
      throw new Killed()
    }
    work()
  }
}
