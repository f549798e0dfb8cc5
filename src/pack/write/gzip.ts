import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Bytes } from '../types.ts'

const gzipped = promisify(gzip)
/** Bytes that are compressed as one. The result depends on it. */
const CHUNK = 1024 * 1024
/** As many as Node's pool has threads. */
const AT_ONCE = 4
const LEVEL = 1
/** The place of the system's number in the header, and `unknown`: zlib itself writes what it was compiled for. */
const SYSTEM = 9
const UNKNOWN = 255

/**
 * Compresses a stream on several threads: one gzip member for every MiB of it (RFC 1952 lets several follow each other), so that the
 * result depends on the content and on zlib alone.
 */
export async function* gzipStream(source: Bytes): AsyncGenerator<Uint8Array> {
  const running: Promise<Buffer>[] = []
  let isEmpty = true
  for await (const chunk of chunksOf(source)) {
    isEmpty = false
    running.push(compress(chunk))
    if (running.length >= AT_ONCE) yield (await running.shift()) ?? Buffer.alloc(0)
  }
  if (isEmpty) yield compress(Buffer.alloc(0))
  for (const each of running) yield each
}

async function compress(chunk: Uint8Array): Promise<Buffer> {
  const result = await gzipped(chunk, { level: LEVEL })
  result[SYSTEM] = UNKNOWN
  return result
}

/** Cuts a stream into pieces of CHUNK bytes; the last one may be shorter. Each has its own memory. */
export async function* chunksOf(source: Bytes): AsyncGenerator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(CHUNK)
  let filled = 0
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + CHUNK - filled)
      chunk.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < CHUNK) continue
      yield chunk
      chunk = Buffer.allocUnsafe(CHUNK)
      filled = 0
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}
