import { padded, paxRecords } from './pax.ts'

/** An entry of an archive, with its content. */
export interface ReadEntry {
  /** As in the archive, with slashes; a folder's path may end with one. */
  path: string
  type: 'file' | 'directory' | 'symlink' | 'link' | 'other'
  /** Permission bits. */
  mode: number
  /** Seconds since the epoch. */
  mtime: number
  uid: number
  gid: number
  /** Bytes of content. */
  size: number
  /** The target text of a symbolic link, or the path of an earlier entry for a hard link. */
  linkTarget: string
  /** Read it before requesting the next entry, which skips the rest. */
  content: AsyncIterable<Uint8Array>
}

/** The bytes are not a tar archive, or the archive is truncated. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}

const BLOCK = 512
const TYPES: Readonly<Record<string, ReadEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'link',
  '2': 'symlink',
  '5': 'directory',
  '7': 'file',
}
/** Entry types that describe the next entry: pax records and GNU's long names; `g` describes all following entries. */
const PREFIXES = 'xLKg'
const LARGEST_PREFIX = 1024 * 1024
const MOST_PREFIXES = 10

/**
 * Reads the entries of a tar archive in the POSIX, ustar and GNU formats
 * (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html,
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html). Keeps no more than a chunk in memory. @throws ArchiveError
 */
export async function* readTar(archive: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEntry> {
  const bytes = new ByteReader(archive)
  try {
    for (;;) {
      const entry = await nextEntry(bytes)
      if (!entry) return
      let left = entry.size
      const content = bytes.upTo(entry.size, (count) => {
        left -= count
      })
      yield { ...entry, content }
      await bytes.skip(left + padded(entry.size) - entry.size)
    }
  } finally {
    await bytes.end()
  }
}

type Header = Omit<ReadEntry, 'content'>

async function nextEntry(bytes: ByteReader): Promise<Header | undefined> {
  const special: Record<string, string> = {}
  for (let prefixes = 0; ; prefixes++) {
    const block = await bytes.take(BLOCK)
    if (block.length === 0 || block.every((byte) => byte === 0)) return undefined
    if (block.length < BLOCK || !isHeader(block)) throw new ArchiveError('this is not a tar archive')
    const type = String.fromCharCode(block[156] ?? 0)
    if (!PREFIXES.includes(type)) return headerOf(block, type, special)
    const size = numberIn(block, 124, 12)
    if (size > LARGEST_PREFIX || prefixes >= MOST_PREFIXES) throw new ArchiveError('this tar archive is malformed')
    const data = (await bytes.take(padded(size))).subarray(0, size)
    if (type === 'x') Object.assign(special, paxRecords(data))
    if (type === 'L') special.path = textIn(data, 0, size)
    if (type === 'K') special.linkpath = textIn(data, 0, size)
  }
}

function headerOf(block: Uint8Array, typeFlag: string, special: Record<string, string>): Header {
  const type = TYPES[typeFlag] ?? 'other'
  const own = textIn(block, 0, 100)
  // GNU's own format stores other fields in place of the prefix.
  const prefix = textIn(block, 257, 6) === 'ustar' ? textIn(block, 345, 155) : ''
  const number = (name: string, at: number, width: number) => Number(special[name] ?? numberIn(block, at, width))
  const size = number('size', 124, 12)
  if (!Number.isSafeInteger(size) || size < 0) throw new ArchiveError('this tar archive is malformed')
  return {
    path: special.path ?? (prefix === '' ? own : `${prefix}/${own}`),
    type,
    mode: numberIn(block, 100, 8) & 0o7777,
    mtime: number('mtime', 136, 12),
    uid: number('uid', 108, 8),
    gid: number('gid', 116, 8),
    size: type === 'file' || type === 'other' ? size : 0,
    linkTarget: special.linkpath ?? textIn(block, 157, 100),
  }
}

/** Old archives have no magic number, but all have a checksum of the header's bytes, computed with spaces in the checksum field. */
function isHeader(block: Uint8Array): boolean {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0)
  return numberIn(block, 148, 8) === sum
}

function textIn(bytes: Uint8Array, at: number, width: number): string {
  const field = bytes.subarray(at, at + width)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}

/** Octal, or binary for numbers too large for the field. NaN if it is neither. */
function numberIn(bytes: Uint8Array, at: number, width: number): number {
  const field = bytes.subarray(at, at + width)
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(textIn(field, 0, width).trim() || '0', 8)
  return field.subarray(1).reduce((total, byte) => total * 256 + byte, (field[0] ?? 0) & 0x3f)
}

/** Reads a given number of bytes from chunks of any length. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** Reads `count` bytes, or fewer at the end. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for await (const part of this.#parts(count)) parts.push(part)
    return Buffer.concat(parts)
  }

  /** Yields `count` bytes as they arrive. @throws ArchiveError if the archive ends before that. */
  async *upTo(count: number, onTaken: (count: number) => void): AsyncGenerator<Uint8Array> {
    let left = count
    for await (const part of this.#parts(count)) {
      left -= part.length
      onTaken(part.length)
      yield part
    }
    if (left > 0) throw new ArchiveError('this tar archive breaks off')
  }

  async skip(count: number): Promise<void> {
    for await (const _ of this.#parts(count));
  }

  async end(): Promise<void> {
    await this.#chunks.return?.()
  }

  async *#parts(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next()
        if (done) return
        this.#rest = value
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      if (part.length > 0) yield part
    }
  }
}
