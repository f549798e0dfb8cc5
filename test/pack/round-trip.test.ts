import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../src/archive/read-tar.ts'
import { readPackHeaders } from '../../src/pack/read/open-pack.ts'
import type { PackSource } from '../../src/pack/types.ts'
import { writePack } from '../../src/pack/write/write-pack.ts'
import { GZIP, opened, packed, rejection, signal, whole } from './packed.ts'
import {
  hash,
  IMAGES,
  imageSource,
  pieces,
  samplePack,
  savedAsLayout,
  savedBefore25,
  textFile,
  volumeArchive,
} from './sample.ts'

for (const compress of ['gzip', 'none'] as const)
  test(`what is packed with ${compress} comes out again`, () =>
    packed(
      samplePack(),
      (file) =>
        opened(file, async (pack) => {
          const [volume, dump] = [pack.index.volumes[0]?.path ?? '', pack.index.dumps[0]?.path ?? '']
          assert.equal(await whole(pack.content(volume)), volumeArchive('x'.repeat(3000)))
          assert.equal((await whole(pack.content(dump))).toString(), 'SELECT 1;\n')
          assert.equal((await whole(pack.content('stack/run.sh'))).toString(), '#!/bin/sh\n')
          assert.equal(
            pack.members.filter(({ executable }) => executable).map(({ path }) => path),
            ['data/stack/run.sh'],
          )
        }),
      { compress },
    ))

test('generated trees of files come out as they went in', async () => {
  const part = fc.constantFrom('a', 'b.txt', 'schön', 'a b', '.hidden', '-x', 'n'.repeat(120), '日本語'.repeat(20), 'A')
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `stack/${parts.join('/')}`)
  const trees = fc.uniqueArray(fc.tuple(path, fc.string({ maxLength: 2000 }), fc.boolean()), {
    selector: ([name]) => name,
  })
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      const names = tree.map(([name]) => name.toLowerCase())
      fc.pre(
        new Set(names).size === names.length &&
          !names.some((one) => names.some((other) => other.startsWith(`${one}/`))),
      )
      const files = tree.map(([name, text, executable]) => textFile(name, text, executable))
      await packed(samplePack({ files, volumes: [], dumps: [] }), (file) =>
        opened(file, async (pack) => {
          for (const [name, text] of tree) assert.equal((await whole(pack.content(name))).toString(), text)
        }),
      )
    }),
    { numRuns: 15 },
  )
})

test('the same contents give the same bytes, however they arrive and in whichever order they are named', async () => {
  const one = samplePack()
  const other = samplePack({ files: [...one.files].reverse() })
  const slices = { ...other, volumes: [{ name: 'data', open: () => pieces(volumeArchive('x'.repeat(3000)), 7) }] }
  const bytes = (source: PackSource) => packed(source, (file) => readFile(file))
  assert.equal(hash(await bytes(slices)), hash(await bytes(one)))
})

test('the hash of the contents is the same from every form of saved images and with every compression', async () => {
  const archives = [savedBefore25(IMAGES), savedAsLayout(IMAGES, false), savedAsLayout(IMAGES, true)]
  const hashes = new Set<string>()
  for (const archive of archives)
    for (const compress of ['gzip', 'none'] as const)
      hashes.add(
        await packed(samplePack({ archive }), async (file) => (await readPackHeaders(file, { signal })).index.content, {
          compress,
        }),
      )
  assert.is(hashes.size, 1)
  const changed = samplePack({ volumes: [{ name: 'data', open: () => pieces(volumeArchive('y')) }] })
  hashes.add(await packed(changed, async (file) => (await readPackHeaders(file, { signal })).index.content))
  assert.is(hashes.size, 2)
})

test('each layer of the images is in the pack once, and the archive for the engine holds what was saved', async () => {
  for (const archive of [savedBefore25(IMAGES), savedAsLayout(IMAGES, false), savedAsLayout(IMAGES, true)])
    await packed(samplePack({ archive }), (file) =>
      opened(file, async (pack) => {
        const blobs = pack.members.filter(({ path }) => path.startsWith('data/images/blobs/'))
        const layers = new Set(IMAGES.flatMap((image) => image.layers.map(hash)))
        assert.is(blobs.length, layers.size + 2 * IMAGES.length)
        assert.equal(
          pack.index.images.map(({ contentId }) => contentId),
          IMAGES.map((image) => imageSource(image).contentId),
        )
        const entries = new Map<string, Buffer>()
        for await (const entry of readTar(pack.images())) entries.set(entry.path, await whole(entry.content))
        for (const image of IMAGES) assert.equal(entries.get(`blobs/sha256/${hash(image.config)}`), image.config)
        assert.not.match(String(entries.get('manifest.json')), 'lab/one')
        const chosen = pack.images([pack.index.images[0]?.contentId ?? ''])
        const names = []
        for await (const entry of readTar(chosen)) names.push(entry.path)
        assert.is(names.length, 3 + 4)
      }),
    )
})

test('tar and sha256sum open a pack for an ordinary user', () =>
  packed(samplePack(), async (file, folder) => {
    execFileSync('tar', ['xf', file, '-C', folder])
    const cwd = join(folder, 'lab')
    for (const list of ['tagmanifest-sha256.txt', 'manifest-sha256.txt'])
      execFileSync('sha256sum', ['--check', '--strict', '--quiet', list], { cwd })
    assert.is(await readFile(join(cwd, 'data/stack/stack.yaml'), 'utf8'), 'services: {}\n')
    assert.is((await stat(join(cwd, 'data/stack/run.sh'))).mode & 0o111, 0o111)
    const crate = JSON.parse(await readFile(join(cwd, 'data/ro-crate-metadata.json'), 'utf8'))
    const root = crate['@graph'].find((entity: { '@id': string }) => entity['@id'] === './')
    assert.is(root.name, 'An experiment')
    assert.equal(root.license, { '@id': 'https://spdx.org/licenses/MIT' })
  }))

test('other programs read its archive too', async () => {
  await packed(samplePack(), async (file) => {
    const names = (list: string) => list.trim().split('\n').sort()
    const python = 'import sys, tarfile; print("\\n".join(m.name for m in tarfile.open(sys.argv[1])))'
    const byTar = names(execFileSync('tar', ['tf', file, '--quoting-style=literal'], { encoding: 'utf8' }))
    const headers = await readPackHeaders(file, { signal })
    assert.equal(byTar, headers.members.map(({ path }) => `lab/${path}`).sort())
    assert.equal(names(execFileSync('python3', ['-c', python, file], { encoding: 'utf8' })), byTar)
  })
})

test('content of many chunks is compressed to the same bytes on several threads, and gzip reads it', async () => {
  const { gzipStream } = await import('../../src/pack/write/gzip.ts')
  const content = Buffer.alloc(5 * 1024 * 1024 + 17, createHash('sha512').update('seed').digest())
  const results = [
    await whole(gzipStream(pieces(content, 10_000))),
    await whole(gzipStream(pieces(content, 1024 * 1024))),
  ]
  assert.equal(results[0], results[1])
  assert.is(hash(execFileSync('gzip', ['-dc'], { input: results[0], maxBuffer: content.length + 1 })), hash(content))
  assert.equal(execFileSync('gzip', ['-dc'], { input: await whole(gzipStream(pieces(Buffer.alloc(0)))) }).length, 0)
})

test('nothing is left beside a pack, whether it was written or not', async () => {
  await packed(samplePack(), async (file, folder) => {
    assert.equal(await readdir(folder), ['lab.flotilla.tar'])
    const before = await readFile(file)
    const failing = samplePack({ volumes: [{ name: 'data', open: () => broken() }] })
    assert.match(await rejection(writePack(file, failing, GZIP)), 'the disk went away')
    assert.equal(await readdir(folder), ['lab.flotilla.tar'])
    assert.equal(await readFile(file), before)
  })
})

// biome-ignore lint/correctness/useYield: it fails first
async function* broken(): AsyncGenerator<Uint8Array> {
  throw new Error('the disk went away')
}

test.run()
