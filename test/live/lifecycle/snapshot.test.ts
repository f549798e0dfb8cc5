import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'

// Snapshots of volumes on a real engine.

const check = await scenes()

const WRITE = [
  'mkdir -p /data/folder/deep && echo first > /data/folder/deep/file && chown 1234:567 /data/folder/deep/file',
  'chmod 4750 /data/folder/deep/file && ln -s ../.. /data/folder/up && ln /data/folder/deep/file /data/folder/hard',
  'mkdir /data/closed && chmod 0 /data/closed && chown 99:98 /data && chmod 1770 /data && mkfifo /data/pipe',
  'dd if=/dev/urandom of=/data/large bs=1000003 count=3 2>/dev/null && touch "/data/a b%0A"',
].join(' && ')

/** Names, owners, modes, links and checksums. */
const TREE =
  'cd /data && find . | sort | while read -r f; do stat -c \'%n %u:%g %a %F %h %N %Y\' "$f"; done; sha256sum large folder/hard'

function inside({ inside }: Scene, script: string): Promise<string> {
  return inside('web-1', 'sh', '-c', script)
}

check('a snapshot brings a tree back with owners, modes and links', async (scene) => {
  const { stack, run } = scene
  await stack({
    services: { web: { ...STAYS, volumes: ['data:/data'] } },
    volumes: { data: { labels: { mine: '1' } } },
  })
  succeeded(await run('up', '-d'))
  await inside(scene, WRITE)
  const before = await inside(scene, TREE)
  succeeded(await run('snapshot', 'create', '--note', 'good'))
  assert.is(await inside(scene, 'rm -r /data/* && echo second > /data/other && echo gone'), 'gone')
  succeeded(await run('snapshot', 'restore', 'good'))
  succeeded(await run('up', '-d'))
  assert.is(await inside(scene, TREE), before)
  succeeded(
    await run('snapshot', 'restore', JSON.parse((await run('snapshot', 'ls', '--format', 'json')).stdout)[1].id),
  )
  succeeded(await run('up', '-d'))
  assert.is(await inside(scene, 'ls /data; cat /data/other'), 'other\nsecond')
  const volume = await scene.engine.inspectVolume(`${scene.project}_data`)
  assert.is(volume?.labels.mine, '1')
  assert.equal(Object.keys(await scene.containers()), ['web-1'])
})

/** Two programs count in step: the second writes only what the first has written. */
const FIRST = 'i=0; while :; do i=$((i+1)); echo $i > /a/next && mv /a/next /a/count; done'
const SECOND = 'while :; do cat /a/count > /b/next 2>/dev/null && mv /b/next /b/count; done'

check('all volumes are of one moment while programs write to them', async (scene) => {
  const { stack, run } = scene
  await stack({
    services: {
      first: { ...shell(FIRST), volumes: ['a:/a'] },
      second: { ...shell(SECOND), volumes: ['a:/a:ro', 'b:/b'] },
    },
    volumes: { a: null, b: null },
  })
  succeeded(await run('up', '-d'))
  const count = async (name: string, path: string) => Number(await scene.inside(name, 'cat', path))
  await until(async () => (await count('second-1', '/b/count')) > 10)
  succeeded(await run('snapshot', 'create'))
  assert.is((await scene.container('first-1')).state, 'running')
  await until(async () => (await count('second-1', '/b/count')) > 20)
  await stack({
    services: { first: { ...STAYS, volumes: ['a:/a'] }, second: { ...STAYS, volumes: ['a:/a:ro', 'b:/b'] } },
    volumes: { a: null, b: null },
  })
  succeeded(await run('snapshot', 'restore', 'latest', '--no-snapshot'))
  succeeded(await run('up', '-d'))
  const [a, b] = [await count('first-1', '/a/count'), await count('second-1', '/b/count')]
  assert.ok(b > 10 && b <= a, `${b} of ${a}`)
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

test.run()
