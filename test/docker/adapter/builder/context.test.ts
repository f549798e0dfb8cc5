import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { buildContext, type ContextSpec } from '../../../../src/docker/adapter/builder/context.ts'
import { withFolder } from '../../../support/folder.ts'

const run = promisify(execFile)

async function packed(spec: ContextSpec): Promise<{ dockerfile: string; archive: Buffer }> {
  const context = await buildContext(spec)
  const chunks: Uint8Array[] = []
  for await (const chunk of context.archive()) chunks.push(chunk)
  return { dockerfile: context.dockerfile, archive: Buffer.concat(chunks) }
}

/** Unpacked by the system's own tar. */
async function unpacked<T>(archive: Buffer, body: (folder: string, names: string[]) => Promise<T>): Promise<T> {
  return withFolder({}, async (folder) => {
    await writeFile(join(folder, 'x.tar'), archive)
    const { stdout } = await run('tar', ['-tf', join(folder, 'x.tar')], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    await run('tar', ['-xf', join(folder, 'x.tar'), '-C', folder], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    return body(folder, stdout.trim().split('\n'))
  })
}

test('the archive has everything in the order of names, the same each time', async () => {
  const files = { Dockerfile: 'FROM x', 'b/c': '1', 'b/a': '2', a: '#!/bin/sh\n', B: '' }
  await withFolder(files, async (context) => {
    await symlink('../elsewhere', join(context, 'link'))
    const { archive, dockerfile } = await packed({ context, dockerfile: 'Dockerfile' })
    assert.is(dockerfile, 'Dockerfile')
    assert.equal((await packed({ context, dockerfile: 'Dockerfile' })).archive, archive)
    await unpacked(archive, async (folder, names) => {
      assert.equal(names, ['B', 'Dockerfile', 'a', 'b/', 'b/a', 'b/c', 'link'])
      assert.is(await readFile(join(folder, 'b/a'), 'utf8'), '2')
      assert.is(await readlink(join(folder, 'link')), '../elsewhere')
      assert.is((await stat(join(folder, 'a'))).mode & 0o777, 0o755)
    })
  })
})

test('names of any length, in any writing, and contents of any size', async () => {
  const long = `${'directory-'.repeat(9)}/${'folder-'.repeat(20)}/${'näme-'.repeat(30)}`
  const files = { Dockerfile: 'FROM x', [long]: 'long', 'schön/größe': 'x'.repeat(512), big: 'y'.repeat(700_001) }
  await withFolder(files, async (context) => {
    await symlink('t'.repeat(150), join(context, 'far'))
    const { archive } = await packed({ context, dockerfile: 'Dockerfile' })
    assert.is(archive.length % 512, 0)
    await unpacked(archive, async (folder) => {
      for (const [path, content] of Object.entries(files)) {
        assert.is(await readFile(join(folder, path), 'utf8'), content, path)
      }
      assert.is(await readlink(join(folder, 'far')), 't'.repeat(150))
    })
  })
})

test('everything belongs to root', async () => {
  await withFolder({ Dockerfile: 'FROM x', 'a/b': '' }, async (context) => {
    const { archive } = await packed({ context, dockerfile: 'Dockerfile' })
    await writeFile(join(context, 'x.tar'), archive)
    const { stdout } = await run('tar', ['--numeric-owner', '-tvf', join(context, 'x.tar')])
    assert.ok(
      stdout
        .trim()
        .split('\n')
        .every((line) => /\s0\/0\s/.test(line)),
      stdout,
    )
  })
})

test('ignored files are not sent; the Dockerfile and the ignore file always are', async () => {
  const files = {
    Dockerfile: 'FROM x',
    '.dockerignore': '*\n!src\nsrc/*.log\n!deep/er/keep\n',
    'src/a.ts': '',
    'src/a.log': '',
    'deep/er/keep': '',
    'deep/er/drop': '',
    'other/b': '',
  }
  await withFolder(files, async (context) => {
    const { archive } = await packed({ context, dockerfile: 'Dockerfile' })
    await unpacked(archive, async (_, names) => {
      assert.equal(
        names.filter((name) => !name.endsWith('/')),
        ['.dockerignore', 'Dockerfile', 'deep/er/keep', 'src/a.ts'],
      )
    })
  })
})

test('a Dockerfile may have its own ignore file', async () => {
  const files = { 'd/Dockerfile': 'FROM x', 'd/Dockerfile.dockerignore': 'a', '.dockerignore': 'b', a: '', b: '' }
  await withFolder(files, async (context) => {
    const { archive, dockerfile } = await packed({ context, dockerfile: 'd/Dockerfile' })
    assert.is(dockerfile, 'd/Dockerfile')
    await unpacked(archive, async (_, names) => {
      assert.ok(names.includes('b'))
      assert.not.ok(names.includes('a'))
    })
  })
})

test('a Dockerfile from elsewhere, or none but a text, is put in under a name made from it', async () => {
  await withFolder({ 'context/a': '', 'other/Dockerfile': 'FROM x' }, async (folder) => {
    const context = join(folder, 'context')
    const fromFile = await packed({ context, dockerfile: join(folder, 'other/Dockerfile') })
    const inline = await packed({ context, dockerfile: 'Dockerfile', dockerfileInline: 'FROM x' })
    assert.equal(inline, fromFile)
    await unpacked(inline.archive, async (unpackedTo) => {
      assert.is(await readFile(join(unpackedTo, inline.dockerfile), 'utf8'), 'FROM x')
      assert.ok((await readdir(unpackedTo)).includes('a'))
    })
    const other = await packed({ context, dockerfile: 'Dockerfile', dockerfileInline: 'FROM y' })
    assert.is.not(other.dockerfile, inline.dockerfile)
  })
})

test('an absolute path of a Dockerfile inside the context is that file', async () => {
  await withFolder({ 'd/Dockerfile': 'FROM x' }, async (context) => {
    assert.is((await packed({ context, dockerfile: join(context, 'd/Dockerfile') })).dockerfile, 'd/Dockerfile')
  })
})

test('sockets are passed over', async () => {
  await withFolder({ Dockerfile: 'FROM x' }, async (context) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(context, 'socket'), resolve))
    const { archive } = await packed({ context, dockerfile: 'Dockerfile' }).finally(() => server.close())
    await unpacked(archive, async (_, names) => assert.equal(names, ['Dockerfile']))
  })
})

test.run()
