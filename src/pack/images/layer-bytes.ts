import { once as event } from 'node:events'
import { createGunzip } from 'node:zlib'
import type { Bytes } from '../types.ts'
import type { Measure } from '../write/measure.ts'

const BLOCK = 512

export type Kind = 'tar' | 'gzip' | 'zstd' | 'other'

/** The first bytes of a stream, at least 512 unless it is shorter, and the whole stream. */
export async function peek(source: Bytes): Promise<{ head: Buffer; all: Bytes }> {
  const pieces = source[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  while (length < BLOCK) {
    const { done, value } = await pieces.next()
    if (done) break
    first.push(Buffer.from(value))
    length += value.length
  }
  const head = Buffer.concat(first)
  return { head, all: after(head, pieces) }
}

async function* after(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** A blob in an archive of images may be a layer, compressed or not, or JSON. */
export function kindOf(head: Buffer): Kind {
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return 'gzip'
  if (head.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return 'zstd'
  return isTar(head.subarray(0, BLOCK)) ? 'tar' : 'other'
}

/** An empty archive consists of zeros; other ones begin with a header that holds its own checksum. */
function isTar(block: Buffer): boolean {
  if (block.length < BLOCK) return false
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return block.every((byte) => byte === 0) || Number.parseInt(block.toString('latin1', 148, 156), 8) === sum
}

/** Passes gzip's bytes on, and measures what they hold. @throws if they are not whole */
export async function* throughGunzip(source: Bytes, measure: Measure): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  gunzip.on('data', (bytes: Uint8Array) => measure.add(bytes))
  const ended = event(gunzip, 'end')
  ended.catch(() => {})
  try {
    for await (const bytes of source) {
      yield bytes
      if (!gunzip.write(bytes)) await Promise.race([event(gunzip, 'drain'), ended])
    }
    gunzip.end()
    await ended
  } finally {
    gunzip.destroy()
  }
}
