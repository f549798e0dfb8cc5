import { ArchiveError } from './read-tar.ts'

/** A header block of a tar archive. Texts hold one character a byte (latin1): names need not be UTF-8. */
export interface Header {
  /** The type's character. */
  type: string
  name: string
  linkName: string
  size: number
}

/** Reads a header that all readers understand in the same way; throws an ArchiveError for any other. */
export function readHeader(block: Buffer): Header {
  const magic = block.toString('latin1', 257, 265)
  const isUstar = magic === 'ustar\u000000' && block.toString('latin1', 508, 512) !== 'tar\0'
  if ((!isUstar && magic !== 'ustar  \0') || !hasChecksum(block)) throw malformed()
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : ''
  const name = textOf(block.subarray(0, 100))
  return {
    type: block.toString('latin1', 156, 157),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textOf(block.subarray(157, 257)),
    size: numberIn(block.subarray(124, 136)),
  }
}

/**
 * Takes out of a header what depends on the machine that wrote it: names of owners, beside their numbers, and the file's type, which some
 * engines write beside its permissions. Changes the block.
 */
export function makePlain(block: Buffer): void {
  const mode = numberIn(block.subarray(100, 108)) & 0o7777
  block.write(`${mode.toString(8).padStart(7, '0')}\0`, 100, 'latin1')
  block.fill(0, 265, 345)
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

export function isEnd(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}

/** Up to the first NUL. */
export function textOf(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end < 0 ? field.length : end)
}

/** Records of the form `<length> <key>=<value>\n`; the length, in bytes, includes its own digits. */
export function recordsOf(data: Buffer): [string, string][] {
  const records: [string, string][] = []
  for (let at = 0; at < data.length; ) {
    const [head = '', digits = ''] = /^(\d{1,7}) /.exec(data.toString('latin1', at, at + 9)) ?? []
    const end = at + Number(digits)
    const text = data.toString('latin1', at + head.length, end)
    const equals = text.indexOf('=')
    if (head === '' || end > data.length || !text.endsWith('\n') || equals < 1) throw malformed()
    records.push([text.slice(0, equals), text.slice(equals + 1, -1)])
    at = end
  }
  return records
}

function hasChecksum(block: Buffer): boolean {
  return numberIn(block.subarray(148, 156)) === sumOf(block)
}

/** Of the header's bytes, with spaces in the checksum field. */
function sumOf(block: Buffer): number {
  let sum = 0
  for (let at = 0; at < block.length; at++) sum += at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0)
  return sum
}

/** Octal digits, or a binary number with the highest bit set, which is positive then. */
function numberIn(field: Buffer): number {
  if (field[0] === 0x80) return field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field.toString('latin1'))?.[1]
  if (digits === undefined) throw malformed()
  return Number.parseInt(digits || '0', 8)
}

export function malformed(): ArchiveError {
  return new ArchiveError('this tar archive is malformed')
}
