import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import { tarOf } from '../../../src/archive/tar.ts'
import type { Check } from '../engine-contract.ts'
import { never, refused } from './expect.ts'

const TREE = tarOf([
  { path: 'tree', type: 'directory', mode: 0o750 },
  { path: 'tree/file', type: 'file', mode: 0o640, uid: 7, gid: 8, mtime: 1_700_000_000, content: Buffer.from('text') },
  { path: 'tree/link', type: 'symlink', mode: 0o777, linkTarget: 'file' },
])

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function reported(archive: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = []
  for await (const { path, type, mode, uid, gid, content, linkTarget } of readTar(archive)) {
    const parts: Uint8Array[] = []
    for await (const part of content) parts.push(part)
    const bits = type === 'symlink' ? '' : `${mode.toString(8)} `
    all.push(`${path.replace(/\/$/, '')} ${type} ${bits}${uid}:${gid} ${linkTarget}${Buffer.concat(parts)}`)
  }
  return all.sort()
}

export function fileContract(check: Check): void {
  check('files copied into a container that was never started come out unchanged', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.putArchive(id, '/', once(TREE), { asUser: false }, never)
    const expected = ['tree directory 750 0:0 ', 'tree/file file 640 7:8 text', 'tree/link symlink 0:0 file']
    assert.equal(await reported(await engine.getArchive(id, '/tree', never)), expected)
    assert.equal(await reported(await engine.getArchive(id, '/tree/file', never)), ['file file 640 7:8 text'])
  })

  check('a path is described; a link at its end is not followed', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.putArchive(id, '/', once(TREE), { asUser: false }, never)
    const stat = async (path: string) => {
      const found = await engine.statPath(id, path, never)
      return found && [found.name, found.type, found.linkTarget]
    }
    assert.equal(await stat('/tree'), ['tree', 'directory', undefined])
    assert.equal(await stat('/tree/file'), ['file', 'other', undefined])
    assert.equal((await stat('/tree/link'))?.slice(0, 2), ['link', 'symlink'])
    for (const path of ['/nothing', '/no/such/folder', '/tree/file/below']) assert.is(await stat(path), undefined, path)
  })

  check('an archive is unpacked only in a folder that is there', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await refused(404, engine.putArchive(id, '/no/such', once(TREE), { asUser: false }, never))
    await refused(404, engine.putArchive('flotilla-nothing', '/', once(TREE), { asUser: false }, never))
    await refused(404, engine.getArchive(id, '/nothing', never))
    await refused(404, engine.exportContainer('flotilla-nothing', never))
  })

  check('an export holds what was put into a container', async ({ engine, create, runs }) => {
    const id = await create('web', runs)
    await engine.putArchive(id, '/', once(TREE), { asUser: false }, never)
    const exported = await reported(await engine.exportContainer(id, never))
    assert.ok(exported.includes('tree/file file 640 7:8 text'), exported.slice(0, 5).join('\n'))
  })

  check('a container becomes an image with a name', async ({ engine, project, create, runs }) => {
    const id = await create('web', runs)
    const made = await engine.commitContainer(id, { repository: project, tag: '1', changes: [], pause: true }, never)
    assert.is((await engine.inspectImage(`${project}:1`))?.id, made)
    await engine.removeImage(`${project}:1`)
    await refused(404, engine.commitContainer('flotilla-nothing', { changes: [], pause: false }, never))
  })
}
