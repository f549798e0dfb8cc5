import { createCipheriv } from 'node:crypto'

/** Reproducible bytes that no two seeds share, in pieces. */
export async function* randomStream(seed: number, length: number, piece = 1 << 20): AsyncGenerator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  for (let at = 0; at < length; at += piece) yield cipher.update(Buffer.alloc(Math.min(piece, length - at)))
}

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part.slice())
  return Buffer.concat(parts)
}

export async function* piecesOf(bytes: Uint8Array, lengthOf: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf()
    yield bytes.subarray(at, at + length)
    at += length
  }
}
