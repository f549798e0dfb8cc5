import { createHash, type KeyObject } from 'node:crypto'
import { BAG_INFO, BAGIT, BAGIT_TEXT, MANIFEST, SIGNATURE, TAG_FILES, TAG_MANIFEST } from '../bag/layout.ts'
import { parseSums, type Sum } from '../bag/lists.ts'
import { refused } from '../problem.ts'
import { isSignedBy, SIGNATURE_SIZE } from '../sign.ts'
import type { Member } from '../types.ts'
import type { Structure } from './structure.ts'

/** Reads a member that is small enough to be held in memory. */
export type ReadText = (path: string) => Promise<Buffer>

/**
 * Checks the lists of a bag, from the signature down: the tag manifest, the files that it lists, and the manifest, which lists exactly the members
 * below `data/`, in their order. @returns the checksums of those
 */
export async function checkLists(structure: Structure, read: ReadText, key?: KeyObject): Promise<Sum[]> {
  const tags = await read(TAG_MANIFEST)
  if (key) await checkSignature(structure, read, { tags, key })
  await checkTagFiles(sumsOf(tags, TAG_MANIFEST), read)
  if ((await read(BAGIT)).toString() !== BAGIT_TEXT) throw refused('it is not that of a bag of version 1.0', BAGIT)
  const payload = structure.members.filter(({ path }) => path.startsWith('data/'))
  checkPayloadOxum((await read(BAG_INFO)).toString(), payload)
  const sums = sumsOf(await read(MANIFEST), MANIFEST)
  checkListed(sums, payload)
  return sums
}

async function checkSignature(
  { byPath }: Structure,
  read: ReadText,
  { tags, key }: { tags: Buffer; key: KeyObject },
): Promise<void> {
  const member = byPath.get(SIGNATURE)
  if (!member) throw refused('the pack is not signed')
  const isSigned = member.size === SIGNATURE_SIZE && isSignedBy(tags, await read(SIGNATURE), key)
  if (!isSigned) throw refused('the signature is not one of this key over this pack', SIGNATURE)
}

async function checkTagFiles(sums: readonly Sum[], read: ReadText): Promise<void> {
  if (sums.map(({ path }) => path).join('\n') !== TAG_FILES.join('\n'))
    throw refused(`it must list ${TAG_FILES.join(', ')}`, TAG_MANIFEST)
  for (const { path, sha256 } of sums) {
    const found = createHash('sha256')
      .update(await read(path))
      .digest('hex')
    if (found !== sha256) throw refused('its checksum is not the one in the list', path)
  }
}

function checkPayloadOxum(text: string, payload: readonly Member[]): void {
  const [, bytes, files] = /^Payload-Oxum: (\d+)\.(\d+)$/m.exec(text) ?? []
  const total = payload.reduce((sum, { size }) => sum + size, 0)
  if (Number(files) === payload.length && Number(bytes) === total) return
  throw refused(
    `it announces ${files ?? 'no'} files and ${bytes ?? 'no'} bytes, and there are ${payload.length} and ${total}`,
    BAG_INFO,
  )
}

function checkListed(sums: readonly Sum[], payload: readonly Member[]): void {
  const listed = new Set(sums.map(({ path }) => path))
  const there = new Set(payload.map(({ path }) => path))
  const unlisted = payload.find(({ path }) => !listed.has(path))
  if (unlisted) throw refused(`it is not listed in ${MANIFEST}`, unlisted.path)
  const missing = sums.find(({ path }) => !there.has(path))
  if (missing) throw refused(`it is listed in ${MANIFEST}, but missing`, missing.path)
  const odd = sums.findIndex(({ path }, at) => path !== payload[at]?.path)
  if (odd >= 0 || sums.length !== payload.length)
    throw refused('its lines are not in the order of the members', MANIFEST)
}

/** Reads a list of checksums. @throws StackError */
export function sumsOf(bytes: Buffer, path: string): Sum[] {
  const sums = parseSums(bytes.toString())
  if (!sums) throw refused('it is not a list of checksums', path)
  return sums
}
