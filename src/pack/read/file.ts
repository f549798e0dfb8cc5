import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { StackError } from '../../diagnostics/checked.ts'
import { refused } from '../problem.ts'

const CHUNK = 512 * 1024

/** The one descriptor through which a pack is read, at any place. */
export class PackFile {
  constructor(
    readonly handle: FileHandle,
    readonly stats: BigIntStats,
  ) {}

  get size(): number {
    return Number(this.stats.size)
  }

  /** Reads `length` bytes, or fewer at the end of the file. */
  async bytes(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - at)))
    for (let done = 0; done < buffer.length; ) {
      const { bytesRead } = await this.handle.read(buffer, done, buffer.length - done, at + done)
      if (bytesRead === 0) throw refused('the file became shorter while it was read')
      done += bytesRead
    }
    return buffer
  }

  async *stream(at: number, length: number): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < length; done += CHUNK) yield await this.bytes(at + done, Math.min(CHUNK, length - done))
  }

  /** @throws if the file was written to since it was opened. Programs can set the time of modification, but not that of the change. */
  async checkUnchanged(): Promise<void> {
    const now = await this.handle.stat({ bigint: true })
    const isSame = (['size', 'mtimeNs', 'ctimeNs', 'ino'] as const).every((key) => now[key] === this.stats[key])
    if (!isSame) throw changed()
  }
}

export function changed(path?: string): StackError {
  return refused('the file changed after it was verified', path)
}
