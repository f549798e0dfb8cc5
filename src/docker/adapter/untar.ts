import type { FileContent } from '../port.ts'
import { StrangeError } from './http/body.ts'

const BLOCK = 512
/** Types of entries that say something of the one that follows: pax records, GNU's long names. */
const PREFIXES = 'xgLK'
const REGULAR = '0\0'

/**
 * The first entry of a tar archive, if it is a regular file: its size, and its content as far as `limit` bytes. No more is read than that
 * takes. Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html.
 */
export async function firstFile(archive: AsyncIterable<Uint8Array>, limit: number): Promise<FileContent | undefined> {
  const reader = readerOf(archive)
  let prefixes = MOST_PREFIXES
  for (;;) {
    const header = await reader.take(BLOCK)
    if (header.length === 0 || header.every((byte) => byte === 0)) return undefined
    const type = String.fromCharCode(header[TYPE_AT] ?? 0)
    const size = sizeIn(header)
    if (header.length < BLOCK || size === undefined || !isTar(header)) throw new StrangeError(NO_ARCHIVE)
    if (PREFIXES.includes(type)) {
      if (size > LARGEST_PREFIX || --prefixes < 0) throw new StrangeError(NO_ARCHIVE)
      await reader.take(Math.ceil(size / BLOCK) * BLOCK)
      continue
    }
    return REGULAR.includes(type) && header[0] !== 0
      ? { size, content: await reader.take(Math.min(size, limit)) }
      : undefined
  }
}

const NO_ARCHIVE = 'the answer is not a tar archive'
const LARGEST_PREFIX = 1024 * 1024
const MOST_PREFIXES = 10
const MAGIC_AT = 257

function isTar(header: Uint8Array): boolean {
  return new TextDecoder().decode(header.subarray(MAGIC_AT, MAGIC_AT + 5)) === 'ustar'
}

const SIZE_AT = 124
const SIZE_LENGTH = 12
const TYPE_AT = 156

/** In octal, or where that does not suffice in binary (GNU tar manual, "Standard"). */
function sizeIn(header: Uint8Array): number | undefined {
  const field = header.subarray(SIZE_AT, SIZE_AT + SIZE_LENGTH)
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
  const size = Number.parseInt(new TextDecoder().decode(field), 8)
  return Number.isNaN(size) ? undefined : size
}

interface ByteReader {
  /** So many bytes, or what is left of them. */
  take(count: number): Promise<Uint8Array>
}

function readerOf(source: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = source[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  return {
    async take(count) {
      const parts = [rest]
      let length = rest.length
      while (length < count) {
        const { done, value } = await chunks.next()
        if (done) break
        parts.push(Buffer.from(value))
        length += value.length
      }
      const all = Buffer.concat(parts)
      rest = all.subarray(count)
      return all.subarray(0, count)
    },
  }
}
