import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { locks } from './keep/guard-scene.ts'
import { type Lab, until, withLab } from './support.ts'

const DB: ImageFixture = {
  cmd: ['serve'],
  env: ['MYSQL_DATABASE=shop'],
  passesAfter: 300,
  log: [
    { after: 10, text: 'db one' },
    { after: 400, text: 'db two', stream: 'stderr' },
  ],
}
const WEB: ImageFixture = { cmd: ['serve'], log: [{ after: 20, text: 'web one' }] }

/** Virtual time passes whenever nobody is busy, so that what should be there for a while never ends by itself. */
const IMAGES: Record<string, ImageFixture> = {
  'db:1': DB,
  'db:brief': { ...DB, exits: { after: 5000, code: 0 } },
  'db:sick': { ...DB, passesAfter: Infinity, log: [{ after: 10, text: 'the cause' }], exits: { after: 50, code: 1 } },
  'web:1': WEB,
  'web:2': { ...WEB, content: 'newer' },
  'web:brief': { ...WEB, exits: { after: 1000, code: 3 } },
}

const STACK = `
name: shop
services:
  db:
    image: db:1
    environment: { MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root }
    secrets: [root]
    ports: ["127.0.0.1:13306:3306"]
    healthcheck: { test: [CMD, "true"], interval: 1s }
    volumes: ["data:/data"]
  web:
    image: web:1
    depends_on: { db: { condition: service_healthy } }
    ports: ["8080:80"]
  extra: { image: "web:2", profiles: [more] }
volumes: { data: {} }
secrets: { root: { file: ./root.txt } }
`
const BRIEF = STACK.replace('db:1', 'db:brief').replace('web:1', 'web:brief')
const FILES = { 'stack.yaml': STACK, 'root.txt': 'swordfish\n' }

/** A test with its own laboratory. */
function inLab(name: string, body: (lab: Lab) => Promise<void>, files: Record<string, string> = FILES): void {
  test(name, async () => {
    await withLab(files, { images: IMAGES }, body)
  })
}

inLab('plan tells by its exit code whether there is something to do, and does nothing', async ({ run, engine }) => {
  const before = await run('plan')
  assert.equal([before.code, before.err], [2, ''])
  assert.match(before.out, /^Plan: 4 to create$/m)
  assert.is(engine.world.containers.size, 0)
  assert.is((await run('up', '-d')).code, 0)
  assert.is((await run('plan')).code, 0)
  assert.match((await run('plan')).out, 'nothing to do (2 containers up to date)')
})

inLab('plan as JSON names its steps', async ({ run }) => {
  const plan = JSON.parse((await run('plan', '--format', 'json', 'db')).out)
  assert.is(plan.stack, 'shop')
  assert.ok(plan.steps.some((step: { subject: string }) => step.subject === 'container/db/1'))
  assert.not(plan.steps.some((step: { subject: string }) => step.subject.includes('web')))
})

inLab('a second up does nothing and says so', async ({ run }) => {
  assert.is((await run('up', '-d')).code, 0)
  const again = await run('up', '-d')
  assert.equal([again.code, again.out, again.err], [0, '', 'shop: nothing to do (2 containers up to date)\n'])
})

inLab('up tells which field changed', async ({ run, write }) => {
  await run('up', '-d')
  write({ 'stack.yaml': STACK.replace('web:1', 'web:2') })
  const { err } = await run('up', '-d')
  assert.match(err, 'image: "web:1" -> "web:2"')
})

inLab('naming a service switches its profile on', async ({ run, engine }) => {
  assert.is((await run('up', '-d', 'extra')).code, 0)
  assert.equal(
    [...engine.world.containers.values()].map(({ name }) => name),
    ['shop-extra-1'],
  )
})

inLab('attached, up prints logs from the beginning until nothing runs', async ({ run, write }) => {
  write({ 'stack.yaml': BRIEF })
  const { code, out, err } = await run('up')
  assert.is(code, 0)
  assert.match(err, /^db-1 {3}\| db two$/m)
  const lines = out.trimEnd().split('\n')
  assert.equal([...lines].sort(), [
    'db-1   | db one',
    'db-1 exited with code 0',
    'web-1  | web one',
    'web-1 exited with code 3',
  ])
})

inLab('Ctrl-C stops what an attached up brought up, and leaves the rest', async ({ run, begin, engine }) => {
  await run('up', '-d', 'extra')
  const up = begin(['up'])
  await until(() => up.out().includes('web one'))
  up.interrupt()
  const { code, err } = await up.ended
  assert.is(code, 130)
  assert.match(err, 'press Ctrl-C again to kill')
  const states = Object.fromEntries([...engine.world.containers.values()].map(({ name, state }) => [name, state]))
  assert.equal(states, { 'shop-extra-1': 'running', 'shop-db-1': 'exited', 'shop-web-1': 'exited' })
})

inLab(
  'a service that ends too early fails up with its story, and what waits for it is left out',
  async ({ run, write }) => {
    write({ 'stack.yaml': STACK.replace('db:1', 'db:sick') })
    const { code, out, err } = await run('up', '-d')
    assert.equal([code, out], [1, ''])
    for (const part of ['container-exited', '| the cause', 'skipped because of this: web-1']) assert.match(err, part)
  },
)

inLab('--progress json gives events alone', async ({ run }) => {
  const { err } = await run('--progress', 'json', 'up', '-d')
  const types = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type)
  assert.equal([types[0], types.at(-1)], ['plan', 'end'])
})

inLab('--progress quiet says nothing', async ({ run }) => {
  assert.equal(await run('--progress', 'quiet', 'up', '-d'), { code: 0, out: '', err: '' })
})

inLab('down removes containers and networks, volumes only with -v', async ({ run, engine }) => {
  await run('up', '-d')
  assert.is((await run('down', '-t', '0')).code, 0)
  const left = () => [engine.world.containers.size, ours(engine.world.networks), engine.world.volumes.size]
  assert.equal(left(), [0, 0, 1])
  assert.is((await run('down', '-v')).code, 0)
  assert.equal(left(), [0, 0, 0])
  assert.match((await run('down')).err, 'nothing to do')
})

inLab('where nothing is left, down warns as docker compose does in its forms of progress', async ({ run }) => {
  const lines = async (...args: string[]) => (await run('--progress', 'compose-json', ...args, 'down')).err
  const warning = { level: 'warning', msg: 'No resource found to remove for project "shop".' }
  for (const dry of [[], ['--dry-run']]) {
    assert.equal(JSON.parse(await lines('-p', 'shop', ...dry)), warning)
    assert.is(await lines(...dry), '')
  }
  await run('up', '-d')
  assert.not.match((await run('-p', 'shop', '--progress', 'compose', 'down')).err, 'No resource')
})

inLab('with -p, down needs no file', async (own) => {
  await own.run('up', '-d')
  const { code } = await own.begin(['-p', 'shop', 'down'], { cwd: '/' }).ended
  assert.equal([code, own.engine.world.containers.size, ours(own.engine.world.networks)], [0, 0, 0])
})

inLab('without a file and without -p, there is nothing to take down', async ({ begin }) => {
  const { code, err } = await begin(['down'], { cwd: '/' }).ended
  assert.is(code, 1)
  assert.match(err, 'error[no-stack-file]')
})

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

inLab('config prints the stack, lists, or nothing', async ({ run, begin }) => {
  assert.equal(await run('config', '-q'), { code: 0, out: '', err: '' })
  assert.match((await run('config')).out, /^name: shop\nservices:\n/)
  assert.is(JSON.parse((await run('config', '--format', 'json')).out).name, 'shop')
  assert.is((await run('config', '--services')).out, 'db\nweb\n')
  assert.is((await run('--profile', 'more', 'config', '--services')).out, 'db\nextra\nweb\n')
  assert.is((await run('config', '--images')).out, 'db:1\nweb:1\n')
  assert.is((await run('config', '--volumes')).out, 'data\n')
  assert.is((await run('config', '--networks')).out, 'default\n')
  assert.is((await run('config', '--profiles')).out, 'more\n')
  const toFile = begin(['config', '--services', '-o', 'out.txt'])
  assert.is((await toFile.ended).out, '')
  assert.equal([...toFile.written.values()], ['db\nweb\n'])
})

inLab('config of a service prints it and what it needs; a service that is not there is a problem', async ({ run }) => {
  assert.is((await run('config', '--services', 'db')).out, 'db\n')
  assert.is((await run('config', '--services', 'web')).out, 'db\nweb\n')
  assert.equal(Object.keys(JSON.parse((await run('config', '--format', 'json', 'db')).out).services), ['db'])
  const { code, err } = await run('config', '-q', 'wbe')
  assert.is(code, 1)
  assert.match(err, 'error[unknown-service]')
})

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

inLab('the stop after Ctrl-C is one command at a time, too, and a second Ctrl-C ends the wait', async ({ begin }) => {
  const asked: string[] = []
  const up = begin(['up'], {
    lock: async (_, command, { signal }) => {
      asked.push(command)
      if (asked.length > 1) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      signal.throwIfAborted()
      return async () => undefined
    },
  })
  await until(() => up.out().includes('web one'))
  up.interrupt()
  await until(() => asked.length === 2)
  up.interrupt()
  assert.is((await up.ended).code, 130)
})

inLab('the stack may come from standard input', async ({ begin }) => {
  const stdin = 'services: { one: { image: "web:1", ports: ["1:99999999"] } }'
  const { code, err } = await begin(['-f', '-', 'config'], { readStdin: async () => stdin }).ended
  assert.is(code, 1)
  assert.match(err, '<stdin>:1:')
  assert.match(err, stdin)
})

const CLASH =
  'name: shop\nservices:\n  a: { image: "web:2", ports: ["80:80"] }\n  b: { image: "web:2", ports: ["80:80"] }\n  c: { image: "web:2" }\n'

inLab(
  'clashes are warnings of config and errors of plan and up for the services they are about',
  async ({ run, engine }) => {
    const config = await run('config', '-q')
    assert.is(config.code, 0)
    assert.match(config.err, 'warning[port-taken-twice]')
    for (const command of [['plan'], ['up', '-d']]) {
      const { code, err } = await run(...command)
      assert.is(code, 1)
      assert.match(err, 'error[port-taken-twice]')
    }
    assert.is(engine.world.containers.size, 0)
    for (const service of ['a', 'c']) assert.is((await run('plan', service)).code, 2)
  },
  { 'stack.yaml': CLASH },
)

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

inLab('version tells of flotilla and the engine, or of flotilla alone', async ({ run, begin }) => {
  assert.is((await run('version', '--short')).out, '1.2.3\n')
  assert.is((await run('--version')).out, (await run('version')).out)
  assert.match((await run('version')).out, 'engine memory (API 1.41, linux/amd64)')
  const without = await begin(['version', '--format', 'json'], { engineVersion: async () => undefined }).ended
  assert.equal(JSON.parse(without.out), { version: '1.2.3', engine: null })
})

for (const argv of [
  ['up', '--build', '--no-build'],
  ['up', '--force-recreate', '--no-recreate'],
  ['logs', '--tail', 'few'],
  ['logs', '--since', 'yesterdayish'],
]) {
  inLab(`${argv.join(' ')} is refused before anything happens`, async ({ run, engine }) => {
    const { code, err } = await run(...argv)
    assert.is(code, 1)
    assert.match(err, 'error[usage]')
    assert.is(engine.calls.length, 0)
  })
}

function ours(networks: ReadonlyMap<string, { predefined: boolean }>): number {
  return [...networks.values()].filter(({ predefined }) => !predefined).length
}

test.run()
