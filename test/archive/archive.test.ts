import { execFileSync } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packTree } from '../../src/archive/pack.ts'
import { ArchiveError, readTar } from '../../src/archive/read-tar.ts'
import { padding, type TarEntry, tarEnd, tarHeader, tarOf } from '../../src/archive/tar.ts'
import { unpackTree } from '../../src/archive/unpack.ts'
import { withFolder } from '../support/folder.ts'
import { folders, plant, seen } from './tree.ts'

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

test('a tree that is packed and unpacked is the same tree, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(folders, fc.integer({ min: 1, max: 5000 }), (tree, length) =>
      withFolder({}, async (folder) => {
        await plant(join(folder, 'from'), tree)
        const archive = await whole(packTree(join(folder, 'from'), { name: 'from' }))
        assert.equal(await unpackTree(pieces(archive, length), join(folder, 'to')), [])
        assert.equal(await seen(join(folder, 'to')), await seen(join(folder, 'from')))
      }),
    ),
    { numRuns: 60 },
  )
})

test('tar reads what is packed, and what tar packs in any format is read', async () => {
  await fc.assert(
    fc.asyncProperty(folders, fc.constantFrom('pax', 'gnu'), (tree, format) =>
      withFolder({}, async (folder) => {
        await plant(join(folder, 'from'), tree)
        const ours = await whole(packTree(join(folder, 'from'), { name: 'by-tar' }))
        execFileSync('tar', ['xpf', '-', '-C', folder], { input: ours })
        const theirs = execFileSync('tar', ['cf', '-', `--format=${format}`, '-C', folder, 'from'])
        await unpackTree(pieces(theirs, 1000), join(folder, 'by-us'))
        const expected = await seen(join(folder, 'from'))
        assert.equal(await seen(join(folder, 'by-tar')), expected)
        assert.equal(await seen(join(folder, 'by-us')), expected)
      }),
    ),
    { numRuns: 25 },
  )
})

function archive(...entries: (TarEntry & { text?: string })[]): Buffer {
  const parts = entries.flatMap(({ text = '', ...entry }) => {
    const content = Buffer.from(text)
    return [tarHeader({ ...entry, size: content.length }), content, padding(content.length)]
  })
  return Buffer.concat([...parts, tarEnd()])
}

const FOLDER: TarEntry = { path: 'root', type: 'directory', mode: 0o755 }
const file = (path: string) => ({ path, type: 'file', mode: 0o644, text: 'owned' }) as const
const linkTo = (path: string, linkTarget: string, type: 'symlink' | 'link' = 'symlink') =>
  ({ path, type, mode: 0o777, linkTarget }) as const

const ESCAPES: Record<string, Buffer> = {
  'a name with ..': archive(FOLDER, file('root/../../outside/x')),
  'an absolute name': archive(FOLDER, file('/outside/x')),
  'a second root': archive(FOLDER, file('outside/x')),
  'a root named ..': archive(file('..')),
  'below a link': archive(FOLDER, linkTo('root/l', '../outside'), file('root/l/x')),
  'below a link to a link': archive(FOLDER, linkTo('root/a', '../outside'), linkTo('root/b', 'a'), file('root/b/x')),
  'a folder below a link': archive(FOLDER, linkTo('root/l', '../outside'), { ...FOLDER, path: 'root/l/x' }),
  'below a link that is the root': archive(linkTo('root', 'outside'), file('root/x')),
  'a hard link to a file outside': archive(FOLDER, linkTo('root/h', 'root/../outside/kept', 'link'), file('root/h')),
  'a hard link through a link': archive(
    FOLDER,
    linkTo('root/l', '../outside'),
    linkTo('root/h', 'root/l/kept', 'link'),
  ),
}

for (const [how, bytes] of Object.entries(ESCAPES)) {
  test(`nothing is written outside the target: ${how}`, () =>
    withFolder({ 'outside/kept': 'kept' }, async (folder) => {
      const unpacking = unpackTree(pieces(bytes, 700), join(folder, 'root'))
      const thrown = await unpacking.then(
        () => undefined,
        (error) => error,
      )
      assert.instance(thrown, ArchiveError, String(thrown?.stack))
      assert.equal(await readdir(join(folder, 'outside')), ['kept'])
      assert.is(await readFile(join(folder, 'outside/kept'), 'utf8'), 'kept')
    }))
}

test('a file takes the place of a link, not of what it leads to; folders and files do not take the place of each other', () =>
  withFolder({ 'outside/kept': 'kept' }, async (folder) => {
    const target = join(folder, 'root')
    await mkdir(join(target, 'folder'), { recursive: true })
    await writeFile(join(target, 'file'), '')
    await symlink('../outside/kept', join(target, 'l'))
    await unpackTree(pieces(archive(FOLDER, file('root/l')), 512), target)
    assert.ok((await lstat(join(target, 'l'))).isFile())
    assert.is(await readFile(join(folder, 'outside/kept'), 'utf8'), 'kept')
    for (const wrong of [file('root/folder'), { ...FOLDER, path: 'root/file' }])
      await unpackTree(pieces(archive(FOLDER, wrong), 512), target).then(
        () => assert.unreachable(),
        (error) => assert.instance(error, ArchiveError),
      )
  }))

test('bytes that are no archive, or a part of one, are refused and never taken for a whole one', async () => {
  const good = tarOf([{ path: 'a', type: 'file', mode: 0o644, content: Buffer.alloc(3000, 'x') }])
  const names = async (bytes: Uint8Array) => {
    const found: string[] = []
    for await (const { path, content } of readTar(pieces(bytes, 333))) {
      for await (const _ of content);
      found.push(path)
    }
    return found
  }
  assert.equal(await names(good), ['a'])
  assert.equal(await names(good.subarray(0, -1024)), ['a'])
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3500 }),
      fc.uint8Array({ minLength: 512, maxLength: 600 }),
      async (cut, noise) => {
        const isArchive = (bytes: Uint8Array) =>
          names(bytes).then(
            () => true,
            (error) => !(error instanceof ArchiveError) && assert.unreachable(String(error)),
          )
        assert.is(await isArchive(good.subarray(0, cut)), cut === 512 + 3000 + 0)
        assert.is(
          await isArchive(noise),
          noise.every((byte) => byte === 0),
        )
      },
    ),
  )
})

test('sockets, pipes and devices are left out and named', () =>
  withFolder({}, async (folder) => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const leftOut: string[] = []
    const packed = await whole(packTree(folder, { name: 'x', onLeftOut: (path) => leftOut.push(path) }))
    assert.equal(leftOut, [join(folder, 'pipe')])
    assert.not.ok(packed.includes('pipe'))
    const theirs = execFileSync('tar', ['cf', '-', '-C', folder, '.'])
    assert.equal(await unpackTree(pieces(theirs, 512), join(folder, 'to')), ['./pipe'])
  }))

test.run()
