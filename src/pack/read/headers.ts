import type { StackError } from '../../diagnostics/checked.ts'
import { memberHeader } from '../bag/header.ts'
import { refused } from '../problem.ts'
import type { Member } from '../types.ts'
import type { PackFile } from './file.ts'

const BLOCK = 512
/** Of a header with the longest path: two blocks, and records. */
const LONGEST = 6 * 1024
const RECORDS = /^\d+ path=(.*)\n\d+ size=(\d{16})\n$/s
const KINDS: Readonly<Record<string, string>> = {
  '1': 'it is a hard link',
  '2': 'it is a link',
  '3': 'it is a device',
  '4': 'it is a device',
  '5': 'it is a folder',
  '6': 'it is a pipe',
}

/** The members, with their paths in the archive: with the base folder. Everything between their contents is checked, every bit of it. */
export async function* membersIn(file: PackFile): AsyncGenerator<Member> {
  for (let at = 0, gap = 0; ; ) {
    const bytes = await file.bytes(at, gap + LONGEST)
    if (!isZero(bytes.subarray(0, gap))) throw refused(`something is hidden before byte ${at + gap}`)
    const rest = bytes.subarray(gap)
    if (rest.length >= BLOCK && isZero(rest.subarray(0, BLOCK))) return checkEnd(file, at + gap)
    const member = memberAt(rest, at + gap, file.size)
    yield member
    at = member.offset + member.size
    // Content is padded with zeros to whole blocks.
    gap = (BLOCK - (member.size % BLOCK)) % BLOCK
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

async function checkEnd(file: PackFile, at: number): Promise<void> {
  const end = await file.bytes(at, 2 * BLOCK)
  if (end.length < 2 * BLOCK) throw refused('the file is truncated: its end is missing')
  if (file.size > at + 2 * BLOCK || !isZero(end)) throw refused('something follows the end of the archive')
}

function memberAt(bytes: Buffer, at: number, fileSize: number): Member {
  if (at === 0 && bytes.length < 3 * BLOCK) throw refused('this is not a pack')
  if (bytes.length < 3 * BLOCK) throw refused('the file is truncated: members are missing at its end')
  const length = Number.parseInt(bytes.toString('latin1', 124, 135), 8)
  const size = 2 * BLOCK + Math.ceil(length / BLOCK) * BLOCK
  if (!(length > 0 && size <= bytes.length)) throw unreadable(bytes, at)
  const [, path, digits] = RECORDS.exec(bytes.toString('utf8', BLOCK, BLOCK + length)) ?? []
  if (path === undefined) throw unreadable(bytes, at)
  const mode = bytes.toString('latin1', size - BLOCK + 100, size - BLOCK + 107)
  const member = { path, size: Number(digits), executable: mode === '0000755' }
  if (!memberHeader(member).equals(bytes.subarray(0, size))) throw unreadable(bytes, at, path)
  if (at + size + member.size > fileSize) throw refused('the file is truncated: this member is not whole', path)
  return { ...member, offset: at + size }
}

function unreadable(bytes: Buffer, at: number, path?: string): StackError {
  const typeAt = (offset: number) => String.fromCharCode(bytes[offset + 156] ?? 0)
  const kind = KINDS[typeAt(0)] ?? (typeAt(0) === 'x' ? KINDS[typeAt(2 * BLOCK)] : undefined)
  const name = path ?? bytes.toString('utf8', 0, 100).replace(/\0.*/s, '')
  if (at === 0) return refused('this is not a pack')
  if (kind !== undefined) return refused(`${kind}, and a pack holds only files`, name)
  return refused(`its header at byte ${at} is damaged, or not one that a pack has`, name)
}
