import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  messages,
  number,
  readFields,
  text,
  writeFields,
} from '../../../../src/docker/adapter/builder/grpc/protobuf.ts'
import { diskFolder, textFolder } from '../../../../src/docker/adapter/builder/session/folder.ts'
import type { Offers } from '../../../../src/docker/adapter/builder/session/session.ts'
import { filterFor } from '../../../../src/docker/adapter/builder/session/transfer-filter.ts'
import { withFolder } from '../../../support/folder.ts'
import { asBuilder } from './builder.ts'

const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy'
const [STAT, REQUEST, DATA, END] = [0, 1, 2, 3]
const DIRECTORY = 2 ** 31

interface Received {
  /** In the order in which they came. */
  paths: string[]
  contents: Record<string, string>
}

/** Asks for every file's content, as a builder that has kept nothing. */
async function receive(offers: Offers, name: string, metadata: Record<string, string[]> = {}): Promise<Received> {
  return asBuilder(offers, async ({ open }) => {
    const stream = open(DIFF_COPY, { 'dir-name': name, ...metadata })
    const received: Received = { paths: [], contents: {} }
    const files = new Map<number, string>()
    for (;;) {
      const packet = readFields((await stream.next()) ?? new Uint8Array())
      const [stat] = messages(packet, 2)
      assert.is(number(packet, 1), STAT)
      if (!stat) break
      const path = text(stat, 1)
      if (number(stat, 2) < 2 ** 12) files.set(received.paths.length, path)
      received.paths.push(number(stat, 2) >= DIRECTORY ? `${path}/` : path)
    }
    for (const [id, path] of files) {
      stream.send(writeFields({ 1: REQUEST, 3: id }))
      const chunks: Buffer[] = []
      for (;;) {
        const packet = readFields((await stream.next()) ?? new Uint8Array())
        assert.equal([number(packet, 1), number(packet, 3)], [DATA, id])
        const data = packet.get(4)?.[0]
        if (!(data instanceof Uint8Array)) break
        chunks.push(Buffer.from(data))
      }
      received.contents[path] = Buffer.concat(chunks).toString()
    }
    stream.send(writeFields({ 1: END }))
    assert.is(number(readFields((await stream.next()) ?? new Uint8Array()), 1), END)
    assert.is(await stream.next(), undefined)
    return received
  })
}

const onDisk = (root: string): Offers => ({
  folders: { context: async (wanted) => diskFolder(root, await filterFor(root, wanted)) },
})

const names = fc.constantFrom('a', 'b', 'a.b', 'a-b', 'B', 'ä', '￿', '😀')
const trees = fc.dictionary(
  fc.array(names, { minLength: 1, maxLength: 3 }).map((each) => each.join('/')),
  fc.string({ unit: 'binary', maxLength: 50 }),
  { maxKeys: 8 },
)

test('whatever is in a directory arrives, parents first, names in the order of their bytes', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      await withFolder({}, async (root) => {
        const written: Record<string, string> = {}
        for (const [path, content] of Object.entries(tree)) {
          const done = await mkdir(dirname(join(root, path)), { recursive: true })
            .then(() => writeFile(join(root, path), content))
            .then(
              () => true,
              () => false,
            )
          if (done) written[path] = Buffer.from(content).toString()
        }
        const { paths, contents } = await receive(onDisk(root), 'context')
        assert.equal(contents, written)
        const parts = paths.map((path) => path.replace(/\/$/, '').split('/'))
        const sorted = [...parts].sort(byParts)
        assert.equal(parts, sorted)
      })
    }),
    { numRuns: 40 },
  )
})

function byParts(a: string[], b: string[]): number {
  const at = a.findIndex((part, index) => part !== b[index])
  if (at < 0) return a.length - b.length
  return b[at] === undefined ? 1 : Buffer.compare(Buffer.from(a[at] ?? ''), Buffer.from(b[at]))
}

test('only what is asked for is sent', async () => {
  await withFolder({}, async (root) => {
    for (const path of ['src/a', 'src/deep/b', 'node_modules/c', '.dockerignore', 'big']) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), path)
    }
    await symlink('src', join(root, 'link'))
    const paths = async (metadata: Record<string, string[]>) => (await receive(onDisk(root), 'context', metadata)).paths
    assert.equal(await paths({ 'include-patterns': ['.dockerignore'] }), ['.dockerignore'])
    assert.equal(await paths({ 'exclude-patterns': ['node_modules', '**/b', '.dockerignore'] }), [
      'big',
      'link',
      'src/',
      'src/a',
      'src/deep/',
    ])
    assert.equal(await paths({ followpaths: ['src'] }), ['src/', 'src/a', 'src/deep/', 'src/deep/b'])
    assert.equal(await paths({ followpaths: ['src/deep', 'big'], 'exclude-patterns': ['**/b'] }), [
      'big',
      'src/',
      'src/deep/',
    ])
    assert.ok((await paths({ followpaths: ['link/a'] })).includes('src/a'), 'a link leads further than its name')
    assert.ok((await paths({ followpaths: ['s*'] })).includes('src/a'))
  })
})

test('the same text is the same file, another one is another, even of the same length', async () => {
  const modified = async (content: string) => {
    for await (const entry of textFolder({ Dockerfile: content }).entries()) return entry.modified
    return undefined
  }
  assert.is(await modified('FROM a'), await modified('FROM a'))
  assert.is.not(await modified('FROM a'), await modified('FROM b'))
  const { contents } = await receive(
    { folders: { dockerfile: async () => textFolder({ b: '2', a: '1' }) } },
    'dockerfile',
  )
  assert.equal(contents, { a: '1', b: '2' })
})

test.run()
