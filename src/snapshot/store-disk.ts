import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What a store needs of a file system. Rejects as `node:fs` does. */
export interface StoreDisk {
  /** A file of a folder, for writing at its end. The folder and the file are readable by their owner only. */
  create(folder: string, name: string): Promise<StoreFile>
  /** Writes a file that is there with its whole content or not at all. */
  put(folder: string, name: string, content: Uint8Array): Promise<void>
  read(folder: string, name: string): Promise<Uint8Array>
  /** `length` bytes, or fewer at the end of the file. */
  readAt(folder: string, name: string, at: { offset: number; length: number }): Promise<Uint8Array>
  /** The names of the files of a folder, sorted; none if it is missing. */
  names(folder: string): Promise<string[]>
  remove(folder: string, name: string): Promise<void>
}

export interface StoreFile {
  append(bytes: Uint8Array): Promise<void>
  /** Resolves once its content survives a power failure. */
  finish(): Promise<void>
}

/** The files below a folder of this machine. Open files are kept open until `close`. */
export class RealStoreDisk implements StoreDisk {
  readonly #open = new Map<string, Promise<FileHandle>>()

  constructor(private readonly root: string) {}

  async create(folder: string, name: string): Promise<StoreFile> {
    await mkdir(join(this.root, folder), { recursive: true, mode: 0o700 })
    const file = await open(join(this.root, folder, name), 'wx', 0o600)
    return {
      append: async (bytes) => void (await file.writev([bytes])),
      finish: async () => {
        await file.sync()
        await file.close()
      },
    }
  }

  async put(folder: string, name: string, content: Uint8Array): Promise<void> {
    const beside = `${name}.${randomBytes(4).toString('hex')}.new`
    const file = await this.create(folder, beside)
    await file.append(content)
    await file.finish()
    await rename(join(this.root, folder, beside), join(this.root, folder, name))
    await this.#sync(folder)
  }

  read(folder: string, name: string): Promise<Uint8Array> {
    return readFile(join(this.root, folder, name))
  }

  async readAt(folder: string, name: string, { offset, length }: { offset: number; length: number }) {
    const path = join(this.root, folder, name)
    const opened = this.#open.get(path) ?? open(path, 'r')
    this.#open.set(path, opened)
    const { buffer, bytesRead } = await (await opened).read(Buffer.allocUnsafe(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }

  async names(folder: string): Promise<string[]> {
    try {
      return (await readdir(join(this.root, folder))).sort()
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw thrown
    }
  }

  async remove(folder: string, name: string): Promise<void> {
    const path = join(this.root, folder, name)
    const opened = this.#open.get(path)
    this.#open.delete(path)
    if (opened) await (await opened).close()
    await rm(path, { force: true })
  }

  /** Closes the files that were read. */
  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map(async (opened) => (await opened).close()))
  }

  /** A renamed file survives a power failure once its folder is written. */
  async #sync(folder: string): Promise<void> {
    const handle = await open(join(this.root, folder), 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}
