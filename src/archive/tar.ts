/**
 * Writes tar archives in the POSIX format (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html): ustar headers,
 * preceded by a pax record if an entry's name, link or size does not fit. Root owns entries by default.
 */
export interface TarEntry {
  /** Relative, with slashes. */
  path: string
  type: 'file' | 'directory' | 'symlink' | 'link'
  mode: number
  /** Seconds since the epoch. */
  mtime?: number
  uid?: number
  gid?: number
  /** Bytes of content that follow the header. */
  size?: number
  /** The target text of a symbolic link, or the path of an earlier entry for a hard link. */
  linkTarget?: string
}

const BLOCK = 512
const TYPES = { file: '0', link: '1', symlink: '2', directory: '5', pax: 'x' } as const
const LARGEST_OCTAL = 0o77777777777

/** The header before an entry's content. */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.type === 'directory' && !entry.path.endsWith('/') ? `${entry.path}/` : entry.path
  const records = paxRecords({ ...entry, path })
  const header = block({ ...entry, path }, TYPES[entry.type], entry.size ?? 0)
  if (records.length === 0) return header
  const pax = block({ path: 'pax', mode: 0o644 }, TYPES.pax, records.length)
  return Buffer.concat([pax, records, padding(records.length), header])
}

/** Pads content to whole blocks. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/** Two empty blocks end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK)
}

/** Builds a complete archive of small files. */
export function tarOf(files: (TarEntry & { content?: Uint8Array })[]): Buffer {
  const parts = files.flatMap(({ content = new Uint8Array(), ...entry }) => [
    tarHeader({ ...entry, size: content.length }),
    content,
    padding(content.length),
  ])
  return Buffer.concat([...parts, tarEnd()])
}

function block(entry: Omit<TarEntry, 'type'>, type: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const { prefix, name } = splitPath(entry.path)
  header.write(name, 0, 100)
  header.write(octal(entry.mode & 0o7777, 8), 100)
  header.write(octal(entry.uid ?? 0, 8), 108)
  header.write(octal(entry.gid ?? 0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(Math.max(0, Math.floor(entry.mtime ?? 0)), 12), 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156)
  header.write(entry.linkTarget ?? '', 157, 100)
  header.write('ustar\u000000', 257)
  header.write(prefix, 345, 155)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** A number too large for its field goes into a pax record, and is 0 here. */
function octal(value: number, width: number): string {
  const digits = value.toString(8)
  return `${(digits.length < width ? digits : '0').padStart(width - 1, '0')}\0`
}

/** Splits a path over 100 bytes at a slash into prefix and name. A path that cannot be split goes into the pax record. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path }
  const cut = path.slice(0, -1).lastIndexOf('/', 155)
  const prefix = cut > 0 ? path.slice(0, cut) : ''
  const name = path.slice(cut + 1)
  return fits(prefix, 155) && fits(name, 100) ? { prefix, name } : { prefix: '', name: path.slice(0, 100) }
}

function fits(text: string, bytes: number): boolean {
  return text !== '' && Buffer.byteLength(text) <= bytes
}

function paxRecords(entry: TarEntry): Buffer {
  const { prefix, name } = splitPath(entry.path)
  const whole = prefix ? `${prefix}/${name}` : name
  const records: string[] = []
  if (whole !== entry.path || !isAscii(entry.path)) records.push(record('path', entry.path))
  const target = entry.linkTarget ?? ''
  if (Buffer.byteLength(target) > 100 || !isAscii(target)) records.push(record('linkpath', target))
  if ((entry.size ?? 0) > LARGEST_OCTAL) records.push(record('size', String(entry.size)))
  for (const key of ['uid', 'gid'] as const) {
    if ((entry[key] ?? 0) > 0o7777777) records.push(record(key, String(entry[key])))
  }
  return Buffer.from(records.join(''))
}

/** `<length> <key>=<value>\n`; the length includes its own digits. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  const guess = bytes + String(bytes).length
  const length = bytes + String(guess).length
  return `${length}${rest}`
}

function isAscii(text: string): boolean {
  return [...text].every((char) => char < '\u0080')
}
