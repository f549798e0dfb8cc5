import { createHash, type Hash } from 'node:crypto'
import type { Bytes } from '../types.ts'

/** The size and the checksum of the bytes that passed. */
export class Measure {
  size = 0
  readonly #hash: Hash = createHash('sha256')

  add(bytes: Uint8Array): void {
    this.size += bytes.length
    this.#hash.update(bytes)
  }

  /** In hexadecimal. Call it once, at the end. */
  sha256(): string {
    return this.#hash.digest('hex')
  }

  async *through(source: Bytes): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      this.add(bytes)
      yield bytes
    }
  }
}
