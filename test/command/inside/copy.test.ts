import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import { tarOf } from '../../../src/archive/tar.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: shop
services:
  web: { image: "web:1", scale: 2, user: "1000" }
  job: { image: "web:1" }
`
const FILES = { 'stack.yaml': STACK, 'site/index.html': 'hello', 'site/deep/x': 'x' }
const IMAGES = { 'web:1': { cmd: ['serve'], files: { '/etc/web/conf': 'conf' } } }

function inLab(name: string, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    await withLab(FILES, { images: IMAGES }, async (own) => {
      assert.is((await own.run('up', '-d')).code, 0)
      await body(own)
    })
  })
}

inLab(
  'cp copies into all containers of a service, stopped ones too, or into the one with a number',
  async ({ run, engine, directory }) => {
    await run('stop', 'web')
    assert.is((await run('cp', 'site', 'web:/srv')).code, 0)
    assert.is((await run('cp', '--index', '2', 'site/.', 'web:/etc/web')).code, 0)
    const there = async (index: string, path: string) => {
      const { code } = await run('cp', '--index', index, `web:${path}`, 'back')
      return code === 0 ? readFileSync(join(directory, 'back'), 'utf8') : undefined
    }
    assert.is(await there('1', '/srv/index.html'), 'hello')
    assert.is(await there('2', '/srv/deep/x'), 'x')
    assert.is(await there('2', '/etc/web/index.html'), 'hello')
    assert.is(await there('1', '/etc/web/index.html'), undefined)
    assert.is(await there('1', '/etc/web/conf'), 'conf')
    const owners = engine.calls.filter(({ method }) => method === 'putArchive').map(({ args }) => args[3])
    assert.ok(owners.every((owner) => (owner as { asUser: boolean }).asUser === false))
  },
)

inLab('with -a what is copied in belongs to the user of the container', async ({ run, engine }) => {
  await run('cp', '-a', 'site', 'job:/srv')
  assert.equal(engine.calls.find(({ method }) => method === 'putArchive')?.args[3], { asUser: true })
})

inLab('a dry run copies, exports and commits nothing', async ({ run, engine, directory }) => {
  engine.calls.length = 0
  const lines = [
    ['cp', 'site', 'web:/srv'],
    ['cp', 'web:/etc', 'out'],
    ['export', '-o', 'out', 'web'],
    ['commit', 'web', 'x:1'],
    ['attach', 'web'],
  ]
  for (const line of lines) assert.match((await run('--dry-run', ...line)).err, 'would ')
  assert.equal([...new Set(engine.calls.map(({ method }) => method))], ['listContainers'])
  assert.not.ok(existsSync(join(directory, 'out')))
})

inLab('an archive from standard input goes into one container alone', async ({ begin, run, directory }) => {
  const stdin = [tarOf([{ path: 'a', type: 'file', mode: 0o600, content: Buffer.from('piped') }])]
  assert.is((await begin(['cp', '-', 'job:/etc/web'], { stdin }).ended).code, 0)
  assert.is((await begin(['cp', '-', 'web:/etc/web'], { stdin }).ended).code, 1)
  await run('cp', 'job:/etc/web/a', '.')
  assert.is(readFileSync(join(directory, 'a'), 'utf8'), 'piped')
})

inLab(
  'export writes a whole file that only its owner reads, or nothing; never to a terminal',
  async ({ run, begin, directory, engine }) => {
    assert.is((await run('export', '-o', 'web.tar', 'web')).code, 0)
    const names: string[] = []
    async function* bytes() {
      yield readFileSync(join(directory, 'web.tar'))
    }
    for await (const { path } of readTar(bytes())) names.push(path)
    assert.ok(names.includes('etc/web/conf'))
    assert.is(statSync(join(directory, 'web.tar')).mode & 0o777, 0o600)
    assert.is((await begin(['export', 'web'], { isTTY: true }).ended).code, 1)
    engine.hooks.before = ({ method }) => {
      if (method === 'exportContainer') throw new Error('gone')
    }
    await run('export', '-o', 'half.tar', 'web').catch(() => undefined)
    assert.not.ok(existsSync(join(directory, 'half.tar')))
  },
)

inLab('commit passes the settings of the image on', async ({ run, engine }) => {
  const flags = ['-a', 'me', '-m', 'why', '-c', 'ENV A=1', '-c', 'CMD sh', '--pause=false', '--index', '2']
  assert.is((await run('commit', ...flags, 'web', 'localhost:5000/web:kept')).code, 0)
  const image = { repository: 'localhost:5000/web', tag: 'kept', author: 'me', comment: 'why', pause: false }
  const call = engine.calls.find(({ method }) => method === 'commitContainer')
  assert.equal(call?.args[1], { ...image, changes: ['ENV A=1', 'CMD sh'] })
})

inLab('with COMPOSE_STATUS_STDOUT progress is on standard output, and errors where they were', async ({ begin }) => {
  const env = { COMPOSE_STATUS_STDOUT: 'true' }
  const done = await begin(['--progress', 'plain', 'restart', 'job'], { env }).ended
  assert.is(done.err, '')
  assert.match(done.out, 'job-1')
  const failed = await begin(['cp', 'nothing', 'job:/'], { env }).ended
  assert.is(failed.out, '')
  assert.match(failed.err, 'error[')
})

inLab('COMPOSE_PARALLEL_LIMIT is a limit, and must be a number', async ({ begin, engine }) => {
  let underWay = 0
  let most = 0
  engine.hooks.before = async ({ method }) => {
    if (method !== 'stopContainer') return
    most = Math.max(most, ++underWay)
    await engine.clock.sleep(10)
    underWay--
  }
  assert.is((await begin(['stop'], { env: { COMPOSE_PARALLEL_LIMIT: '1' } }).ended).code, 0)
  assert.is(most, 1)
  for (const limit of ['many', '', ' 2', '1.5', '0x10', '9'.repeat(20)])
    assert.is((await begin(['start'], { env: { COMPOSE_PARALLEL_LIMIT: limit } }).ended).code, 1, limit)
})

inLab('a limit that is not a number is refused by commands that change nothing too', async ({ begin }) => {
  const codeOf = async (limit: string, ...argv: string[]) =>
    (await begin(argv, { env: { COMPOSE_PARALLEL_LIMIT: limit } }).ended).code
  for (const command of ['ps', 'ls', 'config', 'images']) {
    assert.is(await codeOf('many', command), 1, command)
    assert.is(await codeOf('1', '--parallel', 'many', command), 1, command)
    assert.is(await codeOf('many', '--parallel', '-1', command), 0, command)
  }
  assert.is(await codeOf('many', 'version'), 0)
})

test.run()
