import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { padding, tarEnd } from '../../src/archive/tar.ts'
import { memberHeader } from '../../src/pack/bag/header.ts'
import { TAG_FILES } from '../../src/pack/bag/layout.ts'
import { sumLines } from '../../src/pack/bag/lists.ts'
import { readPackHeaders } from '../../src/pack/read/open-pack.ts'
import type { Member } from '../../src/pack/types.ts'
import { signal } from './packed.ts'

/** A member as a forger has it: with any path, any content, and any header. */
export interface Forged {
  /** Below the base folder. */
  path: string
  content: Buffer
  executable: boolean
  /** Instead of the header that the format has. */
  header?: Buffer
}

export type Forgery = (members: Forged[]) => Forged[]

/** A pack whose members were changed; all lists are right again, so that only the change itself can be noticed. */
export async function forged(file: string, change: Forgery): Promise<void> {
  await replaceMembers(file, (members) => sealed(change(members)))
}

/** The same without mending the lists. */
export async function replaceMembers(file: string, change: Forgery): Promise<void> {
  const bytes = await readFile(file)
  const { members } = await readPackHeaders(file, { signal })
  await writeFile(file, archiveOf(change(members.map((member) => forgedOf(bytes, member)))))
}

function forgedOf(bytes: Buffer, { path, offset, size, executable }: Member): Forged {
  return { path, content: bytes.subarray(offset, offset + size), executable }
}

export function archiveOf(members: readonly Forged[], base = 'lab'): Buffer {
  const parts = members.flatMap(({ path, content, executable, header }) => [
    header ??
      memberHeader({
        path: path.startsWith('!') ? path.slice(1) : `${base}/${path}`,
        size: content.length,
        executable,
      }),
    content,
    padding(content.length),
  ])
  return Buffer.concat([...parts, tarEnd()])
}

function sealed(members: Forged[]): Forged[] {
  const payload = members.filter(({ path }) => path.startsWith('data/'))
  const bytes = payload.reduce((total, { content }) => total + content.length, 0)
  const withInfo = replaced(members, 'bag-info.txt', (text) =>
    text.replace(/^Payload-Oxum: .*$/m, `Payload-Oxum: ${bytes}.${payload.length}`),
  )
  const listed = replaced(withInfo, 'manifest-sha256.txt', () => sumLines(payload.map(sumOf)))
  const tags = TAG_FILES.flatMap((path) => listed.filter((member) => member.path === path)).map(sumOf)
  return replaced(listed, 'tagmanifest-sha256.txt', () => sumLines(tags))
}

/** Members in which the text of one is another one. */
export function replaced(members: readonly Forged[], path: string, change: (text: string) => string): Forged[] {
  return members.map((member) =>
    member.path === path ? { ...member, content: Buffer.from(change(member.content.toString())) } : member,
  )
}

/** Members in which the index is another one. */
export function indexed(members: readonly Forged[], change: (index: Record<string, unknown>) => void): Forged[] {
  return replaced(members, 'data/flotilla.json', (text) => {
    const index = JSON.parse(text)
    change(index)
    return JSON.stringify(index)
  })
}

/** The members with a further one at its place: before the first one whose path is greater, or at the end of its folder. */
export function inserted(members: readonly Forged[], path: string, content = 'hostile'): Forged[] {
  const at = members.findIndex((member) => member.path.startsWith('data/') && member.path > path)
  const added = { path, content: Buffer.from(content), executable: false }
  return members.toSpliced(at < 0 ? members.length - 3 : at, 0, added)
}

function sumOf({ path, content }: Forged) {
  return { path, sha256: createHash('sha256').update(content).digest('hex') }
}
