import { spawnSync } from 'node:child_process'
import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkedTar } from '../../src/archive/checked-tar.ts'
import { packTree } from '../../src/archive/pack.ts'
import { ArchiveError } from '../../src/archive/read-tar.ts'
import { type TarEntry, tarEnd, tarHeader, tarOf } from '../../src/archive/tar.ts'
import { withFolder } from '../support/folder.ts'

async function* pieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const passed = (bytes: Uint8Array, length?: number) => whole(checkedTar(pieces(bytes, length), 'volume'))

async function isRefused(bytes: Uint8Array, about: string): Promise<void> {
  const seen: Uint8Array[] = []
  try {
    for await (const chunk of checkedTar(pieces(bytes), 'volume')) seen.push(chunk)
  } catch (error) {
    assert.instance(error, ArchiveError, about)
    assert.not(Buffer.concat(seen).includes('evil'), `${about}: passed on`)
    return
  }
  assert.unreachable(about)
}

test('an archive of files, folders and links passes as it is, in pieces of any length', () =>
  withFolder({}, async (folder) => {
    const volume = join(folder, 'volume')
    await mkdir(join(volume, 'd', 'x'.repeat(200), 'y'.repeat(200)), { recursive: true })
    await writeFile(join(volume, 'd', 'a'), 'a'.repeat(3000))
    await link(join(volume, 'd', 'a'), join(volume, 'd', 'b'))
    await symlink('../../..', join(volume, 'd', 'up'))
    await symlink('/etc', join(volume, 'etc'))
    await writeFile(join(volume, 'new\nline, ü'), '')
    const bytes = await whole(packTree(volume, { name: 'volume' }))
    for (const length of [7, 512, 100_000]) assert.ok((await passed(bytes, length)).equals(bytes))
  }))

test('what GNU tar writes passes, too: long names, sizes in binary, names that are not UTF-8', () =>
  withFolder({}, async (folder) => {
    const long = join(folder, 'volume', 'x'.repeat(150), 'y'.repeat(150))
    await mkdir(long, { recursive: true })
    await writeFile(Buffer.concat([Buffer.from(`${long}/`), Buffer.from([0xff, 0xfe])]), 'text')
    for (const format of ['gnu', 'pax', 'posix']) {
      const { stdout, status } = spawnSync('tar', ['-C', folder, `--format=${format}`, '-b1', '-cf', '-', 'volume'])
      assert.is(status, 0)
      assert.ok((await passed(stdout)).equals(stdout), format)
    }
  }))

const root: TarEntry = { path: 'volume', type: 'directory', mode: 0o755 }
const file = (path: string): TarEntry & { content: Uint8Array } => {
  return { path, type: 'file', mode: 0o644, content: Buffer.from('evil') }
}
const symbolic = (path: string, linkTarget: string): TarEntry => ({ path, type: 'symlink', mode: 0o777, linkTarget })
const hard = (path: string, linkTarget: string): TarEntry => ({ path, type: 'link', mode: 0o644, linkTarget })
const folder = (path: string): TarEntry => ({ path, type: 'directory', mode: 0o755 })

const HOSTILE: Record<string, TarEntry[]> = {
  'another root': [root, file('other/evil')],
  'no root': [file('volume/evil')],
  'a file as the root': [file('volume')],
  'a link as the root': [symbolic('volume', '/etc'), file('volume/evil')],
  'a way up': [root, file('volume/../evil')],
  'an absolute name': [root, file('/volume/evil')],
  'a parent that is not in the archive': [root, file('volume/a/evil')],
  'through a link': [root, symbolic('volume/l', '/etc'), file('volume/l/evil')],
  'through a link that takes the place of a folder': [
    root,
    folder('volume/l'),
    symbolic('volume/l', '/etc'),
    file('volume/l/evil'),
  ],
  'through a link with a dot': [root, folder('volume/l'), symbolic('volume/./l', '/etc'), file('volume/l/evil')],
  'a link takes the place of the root': [root, symbolic('volume/', '/etc'), file('volume/evil')],
  'a hard link out': [root, hard('volume/evil', 'etc/passwd')],
  'a hard link up': [root, hard('volume/evil', 'volume/../etc/passwd')],
  'a hard link through a link': [root, symbolic('volume/l', '/etc'), hard('volume/evil', 'volume/l/passwd')],
  'a file whose name ends as a folder': [root, file('volume/evil/')],
}

test('nothing is written outside of the root, neither through names nor through links', async () => {
  for (const [about, entries] of Object.entries(HOSTILE)) await isRefused(tarOf(entries), about)
})

/** A header with bytes changed, and its checksum right. */
function changed(entry: TarEntry, at: number, bytes: string, size = 0): Buffer {
  const header = tarHeader({ ...entry, size })
  header.write(bytes, at, 'latin1')
  header.write(' '.repeat(8), 148)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

const record = (text: string) => `${text.length + 3} ${text}\n`
function described(type: string, text: string): Buffer {
  const data = Buffer.alloc(512)
  data.write(text)
  return Buffer.concat([changed({ path: 'pax', type: 'file', mode: 0o644 }, 156, type, text.length), data])
}

test('what readers understand differently is refused', async () => {
  const plain = file('volume/plain')
  const header = tarHeader({ ...plain, size: 0 })
  const name = record('path=volume/evil')
  const cases: Record<string, Buffer[]> = {
    'a device': [changed(plain, 156, '3')],
    'a type of its own': [changed(plain, 156, 'Z')],
    'an old file': [changed(plain, 156, '\0')],
    'global records': [described('g', name), header],
    'two names in one record': [described('x', name + name), header],
    'two kinds of names': [described('L', 'volume/evil\0'), described('x', name), header],
    'a sparse file': [described('x', record('GNU.sparse.name=evil')), header],
    'a name with NUL': [described('x', record('path=volume/evil\0x')), header],
    'a record of a wrong length': [described('x', '99 path=evil\n'), header],
    'a folder with content': [tarHeader({ ...folder('volume/d'), size: 512 }), Buffer.alloc(512, 'evil')],
    'a size that is no number': [changed(plain, 124, '0000000x000\0')],
    'a negative size': [changed(plain, 124, '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff')],
    'another format': [changed(plain, 257, 'ustar\x0099')],
    'a wrong checksum': [Buffer.concat([header.subarray(0, 511), Buffer.from('x')])],
    'records without an entry': [described('x', name)],
  }
  for (const [about, blocks] of Object.entries(cases))
    await isRefused(Buffer.concat([tarHeader(root), ...blocks, tarEnd()]), about)
})

test('without what depends on the machine that wrote it, an archive is the same from each', async () => {
  const entry = file('volume/a')
  const archive = (header: Buffer) => Buffer.concat([tarHeader(root), header, Buffer.alloc(512, 'text'), tarEnd()])
  const plain = archive(tarHeader({ ...entry, size: 512 }))
  const whose = Buffer.from(changed(entry, 265, 'somebody', 512))
  for (const header of [whose, changed(entry, 100, '0100644\0', 512)]) {
    const found = await whole(checkedTar(pieces(archive(header)), 'volume', { plain: true }))
    assert.ok(found.equals(plain))
    assert.not(archive(header).equals(plain))
  }
})

test('an archive that breaks off anywhere is refused, and so is one with something after its end', async () => {
  const bytes = tarOf([root, { ...file('volume/a'), content: Buffer.alloc(700) }])
  for (let length = 0; length < bytes.length - 512; length += 256)
    await isRefused(bytes.subarray(0, length), `${length}`)
  await isRefused(Buffer.concat([bytes, Buffer.from('evil')]), 'after the end')
  assert.ok((await passed(Buffer.concat([bytes, Buffer.alloc(9000)]))).equals(bytes))
})

test.run()
