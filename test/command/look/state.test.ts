import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { locks } from '../keep/guard-scene.ts'
import { until } from '../support.ts'
import { BRIEF, inLab, STACK } from '../two-services.ts'

inLab('ps lists what runs; -a also what ended', async ({ run, write, engine }) => {
  write({ 'stack.yaml': STACK.replace('web:1', 'web:brief') })
  await run('up', '-d')
  await engine.clock.sleep(2000)
  const { out, code } = await run('ps')
  assert.is(code, 0)
  assert.match(
    out,
    /^NAME +IMAGE +COMMAND +SERVICE +CREATED +STATUS +PORTS\nshop-db-1 +db:1 +"serve" +db .* 127.0.0.1:13306->3306\/tcp\n$/,
  )
  assert.equal((await run('ps', '--services')).out, 'db\n')
  assert.equal((await run('ps', '-a', '--services')).out, 'db\nweb\n')
  assert.equal((await run('ps', '--status', 'exited', '--services')).out, 'web\n')
  for (const state of ['exitd', '', 'RUNNING']) {
    const unknown = await run('ps', '--status', state, '-q')
    assert.equal([unknown.code, unknown.out], [0, ''], state)
    assert.match(unknown.err, 'warning[usage]')
  }
  const ids = (await run('ps', '-aq', 'web')).out.trim()
  assert.match(ids, /^[0-9a-f]{64}$/)
  const [db] = (await run('ps', '--format', 'json')).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal([db.Name, db.Service, db.State, db.Project], ['shop-db-1', 'db', 'running', 'shop'])
  assert.equal(db.Publishers, [{ URL: '127.0.0.1', TargetPort: 3306, PublishedPort: 13_306, Protocol: 'tcp' }])
})

inLab('commands that need only state do not parse the stack', async ({ run, write }) => {
  await run('up', '-d')
  write({ 'stack.yaml': `name: shop\nservices: { db: { imagine: 1 } }` })
  for (const command of ['ps', 'logs', 'endpoints']) assert.equal([(await run(command)).code, command], [0, command])
  assert.is((await run('config', '-q')).code, 1)
})

inLab('logs merges by time, and cuts and narrows as asked', async ({ run, engine }) => {
  await run('up', '-d')
  await engine.clock.sleep(6000)
  const { out, err } = await run('logs', '-t')
  const times = out.split('\n').flatMap((line) => /\| (\S+) /.exec(line)?.[1] ?? [])
  assert.is(times.length, 2)
  assert.equal(times, [...times].sort())
  assert.match(err, /^db-1 {3}\| \S+ db two\n$/)
  const last = await run('logs', '--tail', '1', '--no-log-prefix')
  assert.equal([last.out, last.err], ['web one\n', 'db two\n'])
  assert.is((await run('logs', 'web')).out, 'web-1  | web one\n')
  assert.is((await run('logs', '--since', '5m', 'web')).out, 'web-1  | web one\n')
  assert.is((await run('logs', '--since', '1s', 'web')).out, '')
})

inLab('logs -f prints each line once and ends with the last container', async ({ run, write, engine }) => {
  write({ 'stack.yaml': BRIEF })
  await run('up', '-d')
  await engine.clock.sleep(50)
  const { code, out, err } = await run('logs', '-f')
  assert.is(code, 0)
  const lines = `${out}${err}`.split('\n').filter((line) => line.includes('|'))
  assert.equal(lines.sort(), ['db-1   | db one', 'db-1   | db two', 'web-1  | web one'])
})

inLab('logs -f goes on while a command is at work that has stopped a service and is about to start it', async (own) => {
  const { run, begin, engine } = own
  await run('up', '-d')
  const lock = locks()
  const { id = '' } = [...engine.world.containers.values()].find(({ name }) => name === 'shop-web-1') ?? {}
  const logs = begin(['logs', '-f', 'web'], { lock })
  await until(() => logs.out().includes('web one'))
  const release = await lock('shop', 'restart', {
    backend: 'engine',
    signal: new AbortController().signal,
    onWait() {},
  })
  await engine.stopContainer(id, {})
  await engine.clock.sleep(60_000)
  await engine.startContainer(id)
  await release()
  await until(() => logs.out().split('web one').length === 3)
  logs.interrupt()
  assert.is((await logs.ended).code, 130)
})

inLab(
  'a reader that goes away ends logs -f, and an attached up once all is up; its work is not cut short',
  async (own) => {
    for (const [argv, sign] of [
      [['up'], 'db one'],
      [['logs', '-f'], 'db one'],
    ] as const) {
      const reader = new AbortController()
      const command = own.begin([...argv], { unread: reader.signal })
      await until(() => command.out().includes(sign))
      reader.abort(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))
      const { code, err } = await command.ended
      assert.is(code, 0, err)
      if (argv[0] === 'up') assert.match(err, 'The logs are no longer read')
      const running = [...own.engine.world.containers.values()].map(({ name, state }) => `${name} ${state}`)
      assert.equal(running.sort(), ['shop-db-1 running', 'shop-web-1 running'])
    }
  },
)

for (const command of ['ps', 'logs', 'endpoints']) {
  inLab(`${command} of a service without containers is a problem`, async ({ run }) => {
    await run('up', '-d')
    const { code, err } = await run(command, 'wbe')
    assert.is(code, 1)
    assert.match(err, 'error[unknown-service]')
  })
}

inLab('logs of a project without containers says so', async ({ run }) => {
  const { code, out, err } = await run('logs')
  assert.equal([code, out], [0, ''])
  assert.match(err, 'project shop')
})

inLab('on a narrow terminal, tables leave out what can be spared, and no line is wider', async ({ run, begin }) => {
  await run('up', '-d')
  for (const columns of [80, 120]) {
    const { out } = await begin(['ps'], { isTTY: true, columns }).ended
    assert.match(out, 'PORTS')
    if (columns === 80) assert.not.match(out, 'CREATED')
  }
  const narrow = await begin(['endpoints'], { isTTY: true, columns: 60 }).ended
  assert.match(narrow.out, /^SERVICE +db\nKIND +/)
  assert.match((await run('endpoints')).out, /^SERVICE +KIND/)
})

inLab('endpoints come from the engine; passwords in files from the stack', async ({ run }) => {
  await run('up', '-d')
  const plain = (await run('endpoints')).out
  assert.match(plain, 'mysql://root:••••@127.0.0.1:13306/shop')
  assert.match(plain, 'http://web:80')
  assert.not.match(plain, 'swordfish')
  const [db] = JSON.parse((await run('endpoints', '--show-secrets', '--format', 'json', 'db')).out)
  assert.is(db.host, 'mysql://root:swordfish@127.0.0.1:13306/shop')
  assert.is(db.inside, 'mysql://root:swordfish@db:3306/shop')
})

inLab('without anything to reach, endpoints prints nothing and says why', async ({ run }) => {
  const table = await run('endpoints')
  assert.equal([table.code, table.out], [0, ''])
  assert.match(table.err, 'project shop')
  assert.is((await run('endpoints', '--format', 'json')).out, '[]\n')
})

inLab('version reports flotilla and the engine, or only flotilla', async ({ run, begin }) => {
  assert.is((await run('version', '--short')).out, '1.2.3\n')
  assert.is((await run('--version')).out, (await run('version')).out)
  assert.match((await run('version')).out, 'engine memory (API 1.41, linux/amd64)')
  const without = await begin(['version', '--format', 'json'], { engineVersion: async () => undefined }).ended
  assert.equal(JSON.parse(without.out), { version: '1.2.3', engine: null })
})

test.run()
