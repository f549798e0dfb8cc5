import type { FileHandle } from 'node:fs/promises'
import { padding, tarEnd } from '../../archive/tar.ts'
import { memberHeader } from '../bag/header.ts'
import type { Sum } from '../bag/lists.ts'
import { unwritable } from '../problem.ts'
import type { Bytes } from '../types.ts'
import { Measure } from './measure.ts'

export interface NewMember {
  /** Below the base folder. */
  path: string
  executable?: boolean
}

export interface Written extends Sum {
  size: number
}

/** The archive of a pack while it is written: one member after the other. The header of each is written after its content. */
export class Output {
  /** Members so far, in the file's order. */
  readonly written: Written[] = []
  readonly #paths = new Set<string>()
  #position = 0

  constructor(
    readonly file: FileHandle,
    readonly base: string,
  ) {}

  /**
   * Appends a member. Throws if there is one of that path.
   * @param nameOf its path, if only its checksum gives it; as long as the member's own path. Undefined to drop what was written.
   */
  async add(
    member: NewMember,
    content: Bytes,
    nameOf?: (sha256: string) => string | undefined,
  ): Promise<Written | undefined> {
    const start = this.#position
    const measure = new Measure()
    const begin = start + this.#header(member, 0).length
    this.#position = begin
    for await (const bytes of measure.through(content)) await this.#append(bytes)
    const sha256 = measure.sha256()
    const path = nameOf ? nameOf(sha256) : member.path
    if (path === undefined) return this.#dropFrom(start)
    if (this.#paths.has(path)) throw unwritable(`two parts of the pack would have the name "${path}"`)
    this.#paths.add(path)
    const written = { path, sha256, size: measure.size }
    await this.#append(padding(measure.size))
    await this.#write(this.#header({ ...member, path }, measure.size), start)
    this.written.push(written)
    return written
  }

  async addText(path: string, text: string | Uint8Array): Promise<Written | undefined> {
    return this.add({ path }, once(typeof text === 'string' ? Buffer.from(text) : text))
  }

  /** Ends the archive and syncs the file. */
  async finish(): Promise<void> {
    await this.#append(tarEnd())
    await this.file.truncate(this.#position)
    await this.file.sync()
  }

  #header({ path, executable = false }: NewMember, size: number): Buffer {
    return memberHeader({ path: `${this.base}/${path}`, size, executable })
  }

  #dropFrom(start: number): undefined {
    this.#position = start
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes, this.#position)
    this.#position += bytes.length
  }

  async #write(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, at + done)
      done += bytesWritten
    }
  }
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
