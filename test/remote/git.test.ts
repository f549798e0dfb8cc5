import { symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fetchStack } from '../../src/remote/fetch.ts'
import { withFolder } from '../support/folder.ts'
import { type GitServer, withGitServer } from '../support/git-daemon.ts'
import { fails } from './support.ts'

interface Scene extends GitServer {
  /** The stack file of a reference, relative to the folder of its version, and that version. */
  fetch(suffix: string): Promise<{ version: string; file: string; folder: string }>
}

function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  return withFolder({}, (cache) =>
    withGitServer((server) => {
      const fetch = async (suffix: string) => {
        const signal = AbortSignal.timeout(20_000)
        const options = { cache, env: process.env, insecure: [], credentialsFor: async () => undefined, signal }
        const { file, folder } = await fetchStack(server.url + suffix, options)
        return { version: folder.split('/').at(-1) ?? '', file: relative(folder, file), folder }
      }
      return body({ ...server, fetch })
    }),
  )
}

const STACK = 'services: {}\n'

test('branches, tags, commits and folders are found', async () => {
  await withScene(async ({ commit, git, fetch }) => {
    const first = await commit({ 'compose.yaml': STACK, 'deep/er/stack.yaml': STACK, 'deep/other.yaml': STACK })
    await git('tag', '-a', 'v1', '-m', 'an object of its own')
    await git('branch', 'feature/main')
    const second = await commit({ 'compose.yaml': '# newer\n' })
    const found = async (suffix: string) => {
      const { version, file } = await fetch(suffix)
      return [version === first ? 'first' : version === second ? 'second' : version, file]
    }
    assert.equal(await found(''), ['second', 'compose.yaml'])
    assert.equal(await found('#main'), ['second', 'compose.yaml'])
    assert.equal(await found('#v1:deep/er'), ['first', 'deep/er/stack.yaml'])
    assert.equal(await found('#feature/main:deep/other.yaml'), ['first', 'deep/other.yaml'])
    assert.equal(await found(`#${first}`), ['first', 'compose.yaml'])
    assert.equal(await found(`?branch=main&commit=${second}`), ['second', 'compose.yaml'])
    await fails(found(`?branch=main&commit=${first}`))
    for (const wrong of ['#missing', '#main:missing', '#main:deep', `#${'0'.repeat(40)}`]) await fails(found(wrong))
  })
})

test('a commit that was fetched needs no network', async () => {
  await withFolder({}, async (cache) => {
    const options = { cache, env: process.env, insecure: [], credentialsFor: async () => undefined }
    const signal = AbortSignal.timeout(20_000)
    const [reference, file] = await withGitServer(async ({ commit, url }) => {
      const reference = `${url}#${await commit({ 'compose.yaml': STACK })}`
      return [reference, (await fetchStack(reference, { ...options, signal })).file] as const
    })
    assert.is((await fetchStack(reference, { ...options, signal })).file, file)
    await fails(fetchStack(reference.replace(/#.*/, ''), { ...options, signal }))
  })
})

for (const target of ['/etc/hostname', '../../outside', 'link-to-outside/x']) {
  test(`a symbolic link to ${target} is refused`, async () => {
    await withScene(async ({ commit, work, fetch }) => {
      await symlink('/etc', join(work, 'link-to-outside'))
      await symlink(target, join(work, 'compose.yaml'))
      await commit({})
      await fails(fetch(''))
    })
  })
}

test('a symbolic link inside the repository is followed', async () => {
  await withScene(async ({ commit, work, fetch }) => {
    await symlink('real/stack.yaml', join(work, 'compose.yaml'))
    await commit({ 'real/stack.yaml': STACK })
    assert.is((await fetch('')).file, 'compose.yaml')
  })
})

test('nothing that a repository brings along is run', async () => {
  await withScene(async ({ commit, git, work, fetch }) => {
    await commit({
      'compose.yaml': STACK,
      '.gitattributes': '* filter=evil\n',
      'hooks/post-checkout': `#!/bin/sh\ntouch ${work}/ran\n`,
    })
    await git('config', 'filter.evil.smudge', `touch ${work}/ran`)
    await fetch('')
    const listed = await git('status', '--porcelain', '--ignored')
    assert.is(listed, '')
  })
})

test.run()
