import { padded } from './pax.ts'
import { ArchiveError } from './read-tar.ts'
import { type Header, isEnd, makePlain, malformed, readHeader, recordsOf, textOf } from './strict-header.ts'

/**
 * Passes an archive on unchanged, and checks every header before it does: the archive has one root, a folder, and everything else lies in
 * folders of the archive, so that unpacking it writes nothing outside the root, through names or through links. Allows files, folders,
 * links and named pipes. Names are compared as bytes. Refuses what readers of archives understand differently: global records, several
 * descriptions of one name, formats other than ustar, pax and GNU's long names. @throws ArchiveError, at the first header that is refused
 * @param root the root's name
 * @param options `plain`: headers lose what depends on the machine that wrote them
 */
export async function* checkedTar(
  archive: AsyncIterable<Uint8Array>,
  root: string,
  { plain = false } = {},
): AsyncGenerator<Uint8Array> {
  const blocks = new Blocks(archive)
  const checks = { root, folders: new Set<string>() }
  try {
    for (;;) {
      const entry = await nextEntry(blocks, plain)
      if (!entry) break
      check(entry, checks)
      yield entry.bytes
      yield* blocks.pass(padded(entry.size))
    }
    if (checks.folders.size === 0) throw new ArchiveError('this tar archive is empty')
    yield* onlyZeros(blocks)
  } finally {
    await blocks.end()
  }
}

const BLOCK = 512
const LARGEST_PREFIX = 1024 * 1024
const LARGEST_PASSED = 64 * 1024

interface Entry {
  /** The header, with the records before it. */
  bytes: Buffer
  name: string
  type: Header['type']
  linkName: string
  size: number
}

/** Undefined at the end of the archive, whose first block is read then. */
async function nextEntry(blocks: Blocks, plain: boolean): Promise<Entry | undefined> {
  const bytes: Buffer[] = []
  const told = new Map<string, string>()
  for (;;) {
    const block = await blocks.take(BLOCK)
    if (isEnd(block)) {
      if (bytes.length > 0) throw malformed()
      return undefined
    }
    bytes.push(block)
    const header = readHeader(block)
    if (plain) makePlain(block)
    if (!'xLK'.includes(header.type)) return whole(header, told, Buffer.concat(bytes))
    if (header.size > LARGEST_PREFIX) throw malformed()
    const data = await blocks.take(padded(header.size))
    bytes.push(data)
    note(header, data.subarray(0, header.size), told)
  }
}

function note({ type }: Header, data: Buffer, told: Map<string, string>): void {
  const given = type === 'x' ? recordsOf(data) : ([[type === 'L' ? 'path' : 'linkpath', textOf(data)]] as const)
  for (const [key, value] of given) {
    if (told.has(key) || key.startsWith('GNU.sparse') || value.includes('\0')) throw malformed()
    told.set(key, value)
  }
}

function whole(header: Header, told: ReadonlyMap<string, string>, bytes: Buffer): Entry {
  const size = told.has('size') ? Number(told.get('size')) : header.size
  const isWithout = header.type !== '0' && size !== 0
  if (!Number.isSafeInteger(size) || size < 0 || isWithout) throw malformed()
  const { type } = header
  return { bytes, type, size, name: told.get('path') ?? header.name, linkName: told.get('linkpath') ?? header.linkName }
}

interface Checks {
  root: string
  /** Paths of the folders so far. */
  folders: Set<string>
}

function check({ name, type, linkName }: Entry, checks: Checks): void {
  const path = pathOf(name, checks)
  if (!'01256'.includes(type))
    throw new ArchiveError(`${shown(name)} is a device, or of another type that is not allowed`)
  if (type === '5') {
    if (path !== checks.root) inFolder(path, name, checks)
    checks.folders.add(path)
    return
  }
  if (path === checks.root || name.endsWith('/') || checks.folders.has(path)) throw outside(name)
  inFolder(path, name, checks)
  if (type === '1') inFolder(pathOf(linkName, checks), linkName, checks)
}

function inFolder(path: string, name: string, { folders }: Checks): void {
  if (!folders.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))))) throw outside(name)
}

function pathOf(name: string, { root }: Checks): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (name.startsWith('/') || parts[0] !== root || parts.includes('..')) throw outside(name)
  return parts.join('/')
}

function outside(name: string): ArchiveError {
  return new ArchiveError(`${shown(name)} leads outside of the archive's folders`)
}

/** A name of bytes in a message. */
function shown(name: string): string {
  return JSON.stringify(Buffer.from(name, 'latin1').toString('utf8'))
}

/** The second block of the end, and the rest of the last record. */
async function* onlyZeros(blocks: Blocks): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(2 * BLOCK)
  for await (const part of blocks.rest()) if (!part.every((byte) => byte === 0)) throw malformed()
}

/** Reads a given number of bytes from chunks of any length. */
class Blocks {
  readonly #chunks: AsyncIterator<Uint8Array>
  #left: Uint8Array = new Uint8Array()

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]()
  }

  async take(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for await (const part of this.pass(count)) parts.push(part)
    return Buffer.concat(parts)
  }

  async *pass(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.#left.length === 0 && !(await this.#more())) throw new ArchiveError('this tar archive breaks off')
      const part = this.#left.subarray(0, Math.min(left, LARGEST_PASSED))
      this.#left = this.#left.subarray(part.length)
      left -= part.length
      if (part.length > 0) yield part
    }
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    do yield this.#left
    while (await this.#more())
  }

  async end(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    this.#left = done ? new Uint8Array() : value
    return !done
  }
}
