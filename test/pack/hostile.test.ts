import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type TarEntry, tarHeader, tarOf } from '../../src/archive/tar.ts'
import { memberHeader } from '../../src/pack/bag/header.ts'
import { openPack, readPackHeaders } from '../../src/pack/read/open-pack.ts'
import type { PackSource, ReadOptions } from '../../src/pack/types.ts'
import { packed, rejection, signal } from './packed.ts'
import { archiveOf, type Forged, type Forgery, forged, indexed, inserted, replaced, replaceMembers } from './repack.ts'
import { hash, IMAGES, pieces, samplePack, textFile } from './sample.ts'

/** Why a pack is refused; empty if it is not. */
async function refusal(file: string, options: Partial<ReadOptions> = {}): Promise<string> {
  return rejection(openPack(file, { signal, ...options }).then((pack) => pack.close()))
}

/** Whether each forgery is refused, and by a sentence that names the member. */
function refuses(
  name: string,
  forgeries: Record<string, [Forgery, string]>,
  source: () => PackSource = samplePack,
): void {
  test(`refuses ${name}`, () =>
    packed(source(), async (file) => {
      const whole = await readFile(file)
      for (const [what, [forgery, words]] of Object.entries(forgeries)) {
        await writeFile(file, whole)
        await forged(file, forgery)
        assert.match(await refusal(file), words, what)
      }
      await writeFile(file, whole)
      await forged(file, (members) => members)
      assert.is(await refusal(file), '')
    }))
}

const NAMES: Record<string, string> = {
  'a parent folder': 'data/stack/../../../x',
  'a parent folder at the end': 'data/stack/..',
  'an absolute name': 'data/stack//etc/passwd',
  'a dot': 'data/stack/./x',
  'a backslash': 'data/stack/..\\..\\x',
  'a percent sign': 'data/stack/50%25',
  'a newline': 'data/stack/a\nb',
  'a carriage return': 'data/stack/a\rb',
  'an escape sequence': 'data/stack/\u001b[31m',
  'a colon': 'data/stack/c:x',
  'a device on Windows': 'data/stack/con.txt',
  'a dot at the end': 'data/stack/x.',
  'not normalised': 'data/stack/scho\u0308n',
  'too long': `data/stack/${'x'.repeat(256)}`,
  'too long as a whole': `data/stack/${'abcdefg/'.repeat(500)}x`,
  'too many folders': `data/stack/${'a/'.repeat(120)}x`,
  'a folder that is a file': 'data/stack/stack.yaml/x',
  'another case': 'data/stack/STACK.yaml',
  'an unknown folder': 'data/other/x',
  'a file beside the known ones': 'fetch.txt',
}

refuses(
  'every kind of bad name',
  Object.fromEntries(
    Object.entries(NAMES).map(([what, path]) => [what, [(members) => inserted(members, path), firstPart(path)]]),
  ),
)

/** What a message shows of a name, whatever is escaped in it. */
function firstPart(path: string): string {
  return path.startsWith('data/stack/') ? 'data/stack' : (path.split('/')[1] ?? path)
}

test('refuses members outside of the base folder', () =>
  packed(samplePack(), async (file) => {
    for (const path of ['!other/data/stack/x', '!/lab/data/stack/x', '!x', '!lab/', '!../lab/x'])
      await packedAgain(file, (members) => inserted(members, path), path)
  }))

async function packedAgain(file: string, forgery: Forgery, what: string): Promise<void> {
  const whole = await readFile(file)
  await replaceMembers(file, forgery)
  assert.is.not(await refusal(file), '', what)
  await writeFile(file, whole)
}

const LINK = { mode: 0o777, size: 0 } as const
const HEADERS: Record<string, Buffer> = {
  'a link': tarHeader({ ...LINK, type: 'symlink', path: 'lab/data/stack/x', linkTarget: '../../../../etc' }),
  'a hard link': tarHeader({ ...LINK, type: 'link', path: 'lab/data/stack/x', linkTarget: '/etc/passwd' }),
  'a folder': tarHeader({ ...LINK, type: 'directory', path: 'lab/data/stack/x' }),
  'a device': retyped(memberHeader({ path: 'lab/data/stack/x', size: 0, executable: false }), '3'),
  'a pipe': retyped(memberHeader({ path: 'lab/data/stack/x', size: 0, executable: false }), '6'),
  "another format's header": tarHeader({ path: 'lab/data/stack/x', type: 'file', mode: 0o644, size: 0 }),
  'an owner': patched(memberHeader({ path: 'lab/data/stack/x', size: 0, executable: false }), 1024 + 108, '0001750\0'),
  'a time': patched(
    memberHeader({ path: 'lab/data/stack/x', size: 0, executable: false }),
    1024 + 136,
    '00000000001\0',
  ),
  'a size in its header that is not its size': memberHeader({
    path: 'lab/data/stack/x',
    size: 9e15,
    executable: false,
  }),
}

function retyped(header: Buffer, type: string): Buffer {
  return patched(header, header.length - 512 + 156, type)
}

function patched(header: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(header)
  copy.write(text, at)
  const block = copy.subarray(Math.floor(at / 512) * 512, Math.floor(at / 512) * 512 + 512)
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return copy
}

test('refuses every kind of member but a file, and every header but the one of the format', () =>
  packed(samplePack(), async (file) => {
    const whole = await readFile(file)
    for (const [what, header] of Object.entries(HEADERS)) {
      await writeFile(file, whole)
      await forged(file, (members) => {
        const at = members.findIndex(({ path }) => path === 'data/stack/stack.yaml') + 1
        return members.toSpliced(at, 0, { path: 'data/stack/x', content: Buffer.alloc(0), executable: false, header })
      })
      assert.match(await refusal(file), 'lab/data/stack/x', what)
    }
  }))

refuses('what is missing, doubled, or not listed', {
  'two members of a name': [
    (members) => members.flatMap((each) => (isStack(each) ? [each, each] : [each])),
    'stack.yaml',
  ],
  'no index': [(members) => without(members, 'data/flotilla.json'), 'flotilla.json'],
  'no README': [(members) => without(members, 'README.md'), 'README.md'],
  'no tag manifest': [(members) => without(members, 'tagmanifest-sha256.txt'), 'tagmanifest-sha256.txt'],
  'a volume that the index does not list': [(members) => inserted(members, 'data/volumes/other.tar', ''), 'other.tar'],
  'a volume that is missing': [(members) => without(members, 'data/volumes/data.tar.gz'), 'data.tar.gz'],
  'a dump that is missing': [(members) => without(members, 'data/dumps/db.sql.gz'), 'db.sql.gz'],
  'a blob that no image needs': [(members) => inserted(members, blob('x'), 'x'), hash(Buffer.from('x'))],
  'a layer that is missing': [(members) => members.filter((each) => !isLayer(each)), 'sha256'],
  'no list of images': [(members) => without(members, 'data/images/manifest.json'), 'manifest.json'],
})

function isStack({ path }: Forged): boolean {
  return path === 'data/stack/stack.yaml'
}

function isLayer({ path, content }: Forged): boolean {
  return path.startsWith('data/images/blobs/') && content[0] === 0x1f
}

function without(members: readonly Forged[], path: string): Forged[] {
  return members.filter((member) => member.path !== path)
}

function blob(text: string): string {
  return `data/images/blobs/sha256/${hash(Buffer.from(text))}`
}

test('refuses lists that do not list what is there', () =>
  packed(samplePack(), async (file) => {
    const lists: Record<string, (text: string) => string> = {
      'a line less': (text) => text.split('\n').slice(1).join('\n'),
      'a line twice': (text) => `${text}${text.split('\n')[0]}\n`,
      'a line more': (text) => `${text}${'0'.repeat(64)}  data/stack/zz\n`,
      'other lines': (text) => text.split('\n').reverse().join('\n'),
      'no lines': () => '',
      'no list': () => '\u0000',
    }
    for (const [what, change] of Object.entries(lists))
      for (const path of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
        await packedAgain(file, (members) => sealedTags(replaced(members, path, change), path), `${path}: ${what}`)
  }))

/** The tag manifest follows a change of the manifest, as a forger would make it. */
function sealedTags(members: Forged[], changed: string): Forged[] {
  if (changed !== 'manifest-sha256.txt') return members
  const manifest = members.find(({ path }) => path === changed)?.content ?? Buffer.alloc(0)
  return replaced(members, 'tagmanifest-sha256.txt', (text) =>
    text.replace(/.*(?= {2}manifest-sha256)/, hash(manifest)),
  )
}

refuses('an index that says something else than the contents', {
  'another version': [(members) => indexed(members, (index) => (index.format = 2)), 'format 2'],
  'no version': [(members) => indexed(members, (index) => delete index.format), 'malformed'],
  'no JSON': [(members) => replaced(members, 'data/flotilla.json', () => '{'), 'JSON'],
  'another name': [(members) => indexed(members, (index) => (index.name = 'other')), 'other'],
  'another hash': [(members) => indexed(members, (index) => (index.content = '0'.repeat(64))), 'hash'],
  'a size too small': [(members) => resized(members, 'volumes/data.tar.gz', -1), 'data.tar.gz'],
  'a size too large': [(members) => resized(members, 'volumes/data.tar.gz', 1), 'data.tar.gz'],
  'more than any disk': [(members) => resized(members, 'volumes/data.tar.gz', 1e12), 'times the size'],
  'another content id': [(members) => indexed(members, swapped), 'content id'],
  'another layer': [(members) => indexed(members, (index) => firstImage(index).layers.reverse()), 'layers'],
  'a manifest as configuration': [(members) => indexed(members, (index) => sameDigest(index)), 'sha256'],
  'a file as compressed': [(members) => indexed(members, compressedFile), 'stack.yaml'],
})

interface AnyImage {
  contentId: string
  layers: string[]
  config: string
  manifest: string
}

function firstImage(index: Record<string, unknown>): AnyImage {
  const [image] = index.images as AnyImage[]
  if (!image) throw new Error('the sample has images')
  return image
}

function swapped(index: Record<string, unknown>): void {
  firstImage(index).contentId = `content-v1:${'0'.repeat(64)}`
}

function sameDigest(index: Record<string, unknown>): void {
  firstImage(index).config = firstImage(index).manifest
}

function compressedFile(index: Record<string, unknown>): void {
  index.compressed = [...(index.compressed as []), { path: 'stack/stack.yaml', size: 1, sha256: '0'.repeat(64) }]
}

function resized(members: readonly Forged[], path: string, by: number): Forged[] {
  return indexed(members, (index) => {
    for (const each of index.compressed as { path: string; size: number }[]) if (each.path === path) each.size += by
  })
}

const ROOT: TarEntry = { path: 'volume', type: 'directory', mode: 0o755 }
const inVolume = (...entries: TarEntry[]) => contentOf('data/volumes/data.tar.gz', tarOf([ROOT, ...entries]))
const inFiles = (...entries: TarEntry[]) =>
  contentOf('data/files/stack.tar.gz', tarOf([{ ...ROOT, path: 'stack' }, ...entries]))
const entry = (path: string, type: TarEntry['type'] = 'file', linkTarget = '') => ({
  path,
  type,
  linkTarget,
  mode: 0o644,
})

/** Another archive as a member's content; the index says so. */
function contentOf(path: string, plain: Buffer): Forgery {
  return (members) =>
    indexed(
      members.map((member) => (member.path === path ? { ...member, content: gzipSync(plain) } : member)),
      (index) => {
        for (const each of index.compressed as { path: string; size: number; sha256: string }[])
          if (`data/${each.path}` === path) Object.assign(each, { size: plain.length, sha256: hash(plain) })
      },
    )
}

refuses('archives in it that lead elsewhere', {
  'a parent folder': [inVolume(entry('volume/../x')), 'data.tar.gz'],
  'another root': [inVolume(entry('etc/passwd')), 'data.tar.gz'],
  'an absolute name': [inVolume(entry('/volume/x')), 'data.tar.gz'],
  'below a link': [inVolume(entry('volume/l', 'symlink', '/etc'), entry('volume/l/x')), 'data.tar.gz'],
  'through a link to a link': [
    inVolume(entry('volume/a', 'symlink', '/'), entry('volume/b', 'symlink', 'a'), entry('volume/b/x')),
    'data.tar.gz',
  ],
  'a folder in place of a link': [inFiles(entry('stack/l', 'symlink', 'x'), entry('stack/l', 'directory')), 'twice'],
  'a file twice': [inFiles(entry('stack/x'), entry('stack/x')), 'twice'],
  'a hard link to the outside': [inVolume(entry('volume/h', 'link', '/etc/passwd')), 'data.tar.gz'],
  'no archive': [contentOf('data/volumes/data.tar.gz', Buffer.from('no archive')), 'data.tar.gz'],
  'a truncated archive': [
    contentOf('data/volumes/data.tar.gz', tarHeader({ ...entry('volume'), size: 9 })),
    'data.tar.gz',
  ],
  'a device': [
    contentOf(
      'data/volumes/data.tar.gz',
      Buffer.concat([tarHeader(ROOT), retyped(tarHeader(entry('volume/d')), '4'), Buffer.alloc(1024)]),
    ),
    'device',
  ],
  'a link of files to the outside': [inFiles(entry('stack/l', 'symlink', '../..')), 'link out'],
  'an absolute link of files': [inFiles(entry('stack/l', 'symlink', '/etc/passwd')), 'link out'],
  'links of files that lead out together': [
    inFiles(
      entry('stack/d', 'directory'),
      entry('stack/d/up', 'symlink', '..'),
      entry('stack/l', 'symlink', 'd/up/../..'),
    ),
    'link out',
  ],
  'files beside their folder': [inFiles(entry('x')), 'stack.tar.gz'],
})

test('refuses what gzip holds beyond the declared size, before it fills anything', () =>
  packed(samplePack(), async (file) => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    await forged(file, (members) =>
      members.map((member) => (member.path === 'data/volumes/data.tar.gz' ? { ...member, content: bomb } : member)),
    )
    assert.match(await refusal(file), 'more than the')
  }))

test('refuses more than its limits', () =>
  packed(samplePack(), async (file) => {
    assert.match(await refusal(file, { limits: { members: 10 } }), 'more than 10 members')
    assert.match(await refusal(file, { limits: { total: 1000 } }), 'more than the limit')
    assert.match(await refusal(file, { limits: { text: 100 } }), 'more than 100 bytes')
  }))

test('no part of a pack from its beginning on is a pack', () =>
  packed(samplePack(), async (file) => {
    const whole = await readFile(file)
    const { members } = await readPackHeaders(file, { signal })
    const cuts = members.flatMap(({ offset, size }) => [
      offset - 512,
      offset,
      offset + Math.floor(size / 2),
      offset + size,
    ])
    for (const cut of [0, 1, 512, whole.length - 1024, whole.length - 512, whole.length - 1, ...cuts].reverse()) {
      await truncate(file, cut)
      assert.is.not(await refusal(file), '', String(cut))
      assert.is.not(await rejection(readPackHeaders(file, { signal })), '', String(cut))
      if (cut === 0) await writeFile(file, whole)
    }
  }))

test('nothing may follow a pack', () =>
  packed(samplePack(), async (file) => {
    const whole = await readFile(file)
    for (const more of [Buffer.alloc(512), Buffer.from('x'), whole]) {
      await writeFile(file, Buffer.concat([whole, more]))
      assert.match(await refusal(file), 'follows the end')
    }
  }))

test('a flipped bit is noticed in every kind of member: in its header, its content and its padding', () =>
  packed(samplePack(), async (file) => {
    const whole = await readFile(file)
    const { members } = await readPackHeaders(file, { signal })
    const places = members.flatMap(({ offset, size }) => {
      const end = offset + size
      const content = size > 0 ? [offset, offset + Math.floor(size / 2), end - 1] : []
      return [offset - 1400, offset - 980, offset - 500, ...content, ...(size % 512 ? [end] : [])]
    })
    for (const place of [...places, whole.length - 1]) await flipped(file, { whole, place, bit: place % 8 })
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), (place, bit) => flipped(file, { whole, place, bit })),
      { numRuns: 60 },
    )
  }))

async function flipped(
  file: string,
  { whole, place, bit }: { whole: Buffer; place: number; bit: number },
): Promise<void> {
  const bytes = Buffer.from(whole)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
  await writeFile(file, bytes)
  assert.is.not(await refusal(file), '', `bit ${bit} of byte ${place}`)
}

test('members in another order are refused', () =>
  packed(samplePack(), async (file) => {
    const whole = await readFile(file)
    const count = (await readPackHeaders(file, { signal })).members.length
    for (let at = 0; at + 1 < count; at++) {
      await replaceMembers(file, (members) => {
        const [one, other] = members.slice(at, at + 2)
        return one && other ? members.toSpliced(at, 2, other, one) : members
      })
      assert.is.not(await refusal(file), '', `${at}`)
      await writeFile(file, whole)
    }
  }))

test('what is no pack is refused at once', () =>
  packed(samplePack({ files: [textFile('stack/a', 'a')] }), async (file) => {
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.alloc(5000),
      Buffer.alloc(5000, 'x'),
      tarOf([ROOT]),
    ]) {
      await writeFile(file, content)
      assert.is.not(await refusal(file), '')
    }
    await writeFile(file, archiveOf([]))
    assert.is.not(await refusal(file), '')
    assert.match(await refusal('/dev/zero'), 'not a file')
    assert.match(await refusal('/no/such/file'), 'cannot be read')
  }))

test('a pack that changes after it was verified is not used', () =>
  packed(samplePack(), async (file) => {
    const pack = await openPack(file, { signal })
    await writeFile(file, (await readFile(file)).reverse())
    const all = async () => {
      for await (const _ of pack.images());
    }
    assert.match(await rejection(all()), 'changed')
    await pack.close()
  }))

test('at no moment of writing is there a file that is taken for a pack', () =>
  packed(samplePack(), async (file, folder) => {
    const { readdir } = await import('node:fs/promises')
    const { join } = await import('node:path')
    const { writePack } = await import('../../src/pack/write/write-pack.ts')
    const { size } = await stat(file)
    let moments = 0
    const examine = async () => {
      for (const name of await readdir(folder)) {
        const path = join(folder, name)
        if (path === file) assert.is((await stat(path)).size, size)
        else assert.is.not(await refusal(path), '')
      }
      moments++
    }
    const source = samplePack()
    const watched: PackSource = {
      ...source,
      files: source.files.map((each) => ({ ...each, open: () => examined(each.open(), examine) })),
      volumes: source.volumes.map((each) => ({ ...each, open: () => examined(each.open(), examine) })),
      dumps: source.dumps.map((each) => ({ ...each, open: () => examined(each.open(), examine) })),
    }
    await writePack(file, watched, { signal, compress: 'gzip' })
    assert.ok(moments > 5)
    assert.is(await refusal(file), '')
  }))

async function* examined(source: AsyncIterable<Uint8Array>, examine: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    await examine()
    yield bytes
  }
}

test('files that cannot be members, and images that the engine did not save, are refused by the writer', async () => {
  const sources = {
    'a name': samplePack({ files: [textFile('stack/../x', '')] }),
    'another folder': samplePack({ files: [textFile('volumes/x.tar', '')] }),
    'two of a name': samplePack({ files: [textFile('stack/a', ''), textFile('stack/A', '')] }),
    'another size': samplePack({ files: [{ path: 'stack/a', size: 3, open: () => pieces(Buffer.from('ab')) }] }),
    'two volumes of a name': samplePack({ volumes: [...samplePack({}).volumes, ...samplePack({}).volumes] }),
    'no image': samplePack({ archive: tarOf([]) }),
    'a base': samplePack({ name: '../x' }),
  }
  for (const [what, source] of Object.entries(sources))
    assert.is.not(await rejection(packed(source, async () => {})), '', what)
  assert.is(IMAGES.length, 2)
})

test.run()
