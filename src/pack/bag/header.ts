import { padding } from '../../archive/tar.ts'

const BLOCK = 512
/** Of the largest safe integer. With a fixed number of digits, the length of a header does not depend on the size, which is known last. */
const SIZE_DIGITS = 16
const LARGEST_OCTAL = 0o77777777777

export interface MemberHeader {
  /** With the base folder. */
  path: string
  /** Bytes of content. */
  size: number
  executable: boolean
}

/**
 * The one form that the header of a member has: a pax header with the path and the size, and a ustar header. Times and owners are 0. A reader
 * compares it byte by byte.
 */
export function memberHeader({ path, size, executable }: MemberHeader): Buffer {
  const records = Buffer.concat([record('path', path), record('size', String(size).padStart(SIZE_DIGITS, '0'))])
  const { prefix, name } = split(Buffer.from(path))
  const own = { name, prefix, size: size > LARGEST_OCTAL ? 0 : size, mode: executable ? 0o755 : 0o644, type: '0' }
  const pax = { name: Buffer.from('pax'), prefix: Buffer.alloc(0), size: records.length, mode: 0o644, type: 'x' }
  return Buffer.concat([block(pax), records, padding(records.length), block(own)])
}

interface Block {
  name: Buffer
  prefix: Buffer
  size: number
  mode: number
  type: string
}

function block({ name, prefix, size, mode, type }: Block): Buffer {
  const header = Buffer.alloc(BLOCK)
  name.copy(header, 0)
  header.write(octal(mode, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(0, 12), 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156)
  header.write('ustar\u000000', 257)
  prefix.copy(header, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}

/** For readers that know no pax: as much of the path as fits, whole if it can be. */
function split(path: Buffer): { prefix: Buffer; name: Buffer } {
  const whole = { prefix: Buffer.alloc(0), name: path.subarray(0, 100) }
  if (path.length <= 100) return whole
  const cut = path.lastIndexOf(0x2f, 155)
  const name = path.subarray(cut + 1)
  return cut > 0 && name.length <= 100 ? { prefix: path.subarray(0, cut), name } : whole
}

/** `<length> <key>=<value>\n`; the length, in bytes, includes its own digits. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  const length = rest + String(rest + String(rest).length).length
  return Buffer.from(`${length} ${key}=${value}\n`)
}
