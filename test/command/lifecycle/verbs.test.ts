import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isWrite } from '../../backend/engine/carry-out.ts'
import type { HostOptions } from '../../cli/support.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { type Lab, withLab } from '../support.ts'

const IMAGES: Record<string, ImageFixture> = {
  'db:1': { cmd: ['serve'], passesAfter: 300 },
  'app:1': { cmd: ['serve'] },
  'job:1': { cmd: ['work'], exits: { after: 2000, code: 3 } },
}

const STACK = `
name: shop
services:
  db: { image: "db:1", healthcheck: { test: [CMD, "true"] } }
  web: { image: "app:1", depends_on: { db: { condition: service_healthy, restart: true } } }
  debug: { image: "app:1", profiles: [debug] }
`

function inShop(name: string, body: (shop: Lab) => Promise<void>, file = STACK): void {
  test(name, async () => {
    await withLab({ 'stack.yaml': file }, { images: IMAGES }, body)
  })
}

function statesIn({ engine }: Lab): Record<string, string> {
  const all = [...engine.world.containers.values()].map(
    ({ name, state }) => [name.replace(/^shop-/, ''), state] as const,
  )
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const RUNNING = { 'db-1': 'running', 'web-1': 'running' }
const STOPPED = { 'db-1': 'exited', 'web-1': 'exited' }

/** What is run on a stack that is up, and what becomes of it. */
const TABLE: [lines: string[], code: number, states: Record<string, string>][] = [
  [['stop'], 0, STOPPED],
  [['stop web'], 0, { ...RUNNING, 'web-1': 'exited' }],
  [['stop db', 'start web'], 0, RUNNING],
  [['stop', 'start'], 0, RUNNING],
  [['stop', 'start --wait'], 0, RUNNING],
  [['stop', 'start --wait-timeout 0.1'], 1, { 'db-1': 'running', 'web-1': 'exited' }],
  [['stop', 'start db'], 0, { ...RUNNING, 'web-1': 'exited' }],
  [['stop wbe'], 1, RUNNING],
  [['restart'], 0, RUNNING],
  [['restart db'], 0, RUNNING],
  [['kill'], 0, STOPPED],
  [['kill -s HUP web'], 0, RUNNING],
  [['kill -s NONSENSE web'], 1, RUNNING],
  [['pause web'], 0, { ...RUNNING, 'web-1': 'paused' }],
  [['pause', 'pause'], 0, { 'db-1': 'paused', 'web-1': 'paused' }],
  [['pause', 'unpause'], 0, RUNNING],
  [['rm -f'], 0, RUNNING],
  [['stop web', 'rm -f'], 0, { 'db-1': 'running' }],
  [['stop web', 'rm'], 1, { ...RUNNING, 'web-1': 'exited' }],
  [['rm'], 0, RUNNING],
  [['rm -fsv web'], 0, { 'db-1': 'running' }],
  [['rm -fs', 'start'], 1, {}],
  [['rm -fs web', 'start web'], 0, { 'db-1': 'running' }],
  [['rm -fs db', 'stop', 'start web'], 1, { 'web-1': 'exited' }],
  [['rm -fs db', 'start db'], 0, { 'web-1': 'running' }],
  [['--profile debug up -d debug', 'rm -fs', 'start'], 1, { 'debug-1': 'running' }],
  [['rm -fs web', 'restart web', 'stop web', 'pause web', 'rm -f web', 'kill web'], 0, { 'db-1': 'running' }],
  [['rm -fs web', 'ps web', 'ps -q web', 'endpoints web'], 0, { 'db-1': 'running' }],
  [['rm -fs', 'ps web debug'], 0, {}],
  [['ps wbe'], 1, RUNNING],
  [['endpoints wbe'], 1, RUNNING],
  [['scale web=2'], 0, { ...RUNNING, 'web-2': 'running' }],
  [['scale web=2', 'scale web=1'], 0, RUNNING],
  [['scale web=0'], 0, { 'db-1': 'running' }],
  [['scale web=x'], 1, RUNNING],
  [['scale web'], 1, RUNNING],
  [['scale'], 1, RUNNING],
  [['scale wbe=2'], 1, RUNNING],
  [['up -d --scale web=2'], 0, { ...RUNNING, 'web-2': 'running' }],
  [['create --scale web=2'], 0, { ...RUNNING, 'web-2': 'created' }],
  [['create --scale web=2', 'start'], 0, { ...RUNNING, 'web-2': 'running' }],
  [['rm -fs', 'create'], 0, { 'db-1': 'created', 'web-1': 'created' }],
  [['rm -fs', 'create', 'start'], 0, RUNNING],
  [['--profile debug up -d', 'stop'], 0, { ...STOPPED, 'debug-1': 'running' }],
  [['--profile debug up -d', 'stop debug'], 0, { ...RUNNING, 'debug-1': 'exited' }],
  [['wait nothing'], 1, RUNNING],
]

for (const [lines, code, states] of TABLE)
  inShop(`${lines.join('; ')}: ${code}`, async (shop) => {
    await shop.run('up', '-d')
    const ran = []
    for (const line of lines) ran.push(await shop.run(...line.split(' ')))
    const codes = ran.map((each) => each.code)
    assert.equal(codes, [...lines.slice(1).map(() => 0), code], ran.map((each) => each.err).join(''))
    assert.equal(statesIn(shop), states)
  })

inShop('--dry-run touches nothing, and says what would be done', async (shop) => {
  await shop.run('up', '-d')
  shop.engine.calls.length = 0
  const lines = [
    'stop',
    'restart',
    'kill',
    'pause',
    'rm -s',
    'scale web=3',
    'create --force-recreate',
    'start',
    'unpause',
  ]
  for (const line of lines) {
    const { code, out } = await shop.run('--dry-run', ...line.split(' '))
    assert.is(code, 0)
    assert.match(out, 'shop')
  }
  assert.equal(
    shop.engine.calls.filter(({ method }) => isWrite(method)),
    [],
  )
})

inShop('an unknown signal is reported before anything is sent, with a suggestion', async (shop) => {
  await shop.run('up', '-d')
  shop.engine.calls.length = 0
  for (const [signal, hint] of [
    ['SIGTREM', 'did you mean "TERM"?'],
    ['99', 'a number from 1 to 64'],
  ] as const) {
    const { code, err } = await shop.run('kill', '-s', signal)
    assert.is(code, 1)
    assert.match(err, `error[usage]: unknown signal "${signal}"`)
    assert.match(err, hint)
  }
  assert.equal(shop.engine.calls, [])
  assert.is((await shop.run('--dry-run', 'kill', '-s', 'FOO')).code, 1)
})

inShop('an unknown name is reported with a suggestion', async ({ run }) => {
  await run('up', '-d')
  for (const verb of ['stop', 'start', 'restart', 'kill', 'pause', 'unpause', 'rm', 'create', 'down'])
    assert.match((await run(verb, 'wbe')).err, 'did you mean "web"?', verb)
  assert.match((await run('wait', 'wbe')).err, 'did you mean "web"?')
  assert.match((await run('scale', 'wbe=1')).err, 'did you mean "web"?')
})

inShop('nothing to do is said', async ({ run }) => {
  await run('up', '-d')
  for (const line of ['start', 'unpause', 'rm -f']) {
    const { code, err } = await run(...line.split(' '))
    assert.is(code, 0)
    assert.match(err, 'nothing to do', line)
  }
})

inShop('rm asks on a terminal, and removes what it asked about', async (shop) => {
  await shop.run('up', '-d')
  await shop.run('stop')
  const asked: string[] = []
  const answering = (answer: string, meanwhile: () => Promise<unknown> = async () => {}): HostOptions => ({
    async ask(question) {
      asked.push(question)
      await meanwhile()
      return answer
    },
  })
  assert.is((await shop.begin(['rm'], answering('')).ended).code, 0)
  assert.equal(statesIn(shop), STOPPED)
  await shop.run('start', 'db')
  const stopDb = () => shop.run('stop', 'db')
  assert.is((await shop.begin(['rm'], answering('y', stopDb)).ended).code, 0)
  assert.equal(statesIn(shop), { 'db-1': 'exited' })
  assert.equal(asked, ['Remove db-1, web-1? [y/N] ', 'Remove web-1? [y/N] '])
})

inShop('every verb works with -p and no stack file', async (shop) => {
  await shop.run('up', '-d')
  const blind = (line: string) => shop.begin(['-p', 'shop', ...line.split(' ')], { cwd: '/' }).ended
  const steps: [string, Record<string, string>][] = [
    ['pause', { 'db-1': 'paused', 'web-1': 'paused' }],
    ['unpause', RUNNING],
    ['restart db', RUNNING],
    ['stop web', { ...RUNNING, 'web-1': 'exited' }],
    ['kill', STOPPED],
    ['start web', RUNNING],
    ['rm -fs web', { 'db-1': 'running' }],
    ['rm -fs', {}],
  ]
  for (const [line, states] of steps) {
    const { code, err } = await blind(line)
    assert.is(code, 0, line + err)
    assert.equal(statesIn(shop), states, line)
  }
  assert.is((await blind('start')).code, 1)
  assert.is((await blind('stop wbe')).code, 1)
  assert.is((await shop.begin(['stop'], { cwd: '/' }).ended).code, 1, 'without a name there is nothing to stop')
})

inShop('an orphan is left alone unless it is named', async (shop) => {
  await shop.run('up', '-d')
  shop.write({ 'stack.yaml': STACK.replace(/ {2}web.*\n/, '') })
  for (const verb of ['stop', 'kill', 'pause', 'restart', 'rm -fs']) await shop.run(...verb.split(' '))
  assert.is(statesIn(shop)['web-1'], 'running')
  await shop.run('stop', 'web')
  assert.is(statesIn(shop)['web-1'], 'exited')
  await shop.run('start', 'web')
  await shop.run('kill', '--remove-orphans')
  assert.is(statesIn(shop)['web-1'], 'exited')
})

/** What becomes of a container whose service is no longer declared, and whether it is mentioned. */
const ORPHANS: [line: string, env: Record<string, string>, gone: boolean, mentioned: boolean][] = [
  ['up -d', {}, false, true],
  ['up -d', { COMPOSE_REMOVE_ORPHANS: '1' }, true, false],
  ['up -d --remove-orphans=false', { COMPOSE_REMOVE_ORPHANS: 'true' }, false, true],
  ['up -d', { COMPOSE_REMOVE_ORPHANS: 'no' }, false, true],
  ['up -d', { COMPOSE_IGNORE_ORPHANS: 'true' }, false, false],
  ['up -d --remove-orphans', { COMPOSE_IGNORE_ORPHANS: '0' }, true, false],
  ['create', { COMPOSE_REMOVE_ORPHANS: 'TRUE' }, true, false],
  ['scale db=1', { COMPOSE_IGNORE_ORPHANS: '1' }, false, false],
  ['down', {}, false, true],
  ['down', { COMPOSE_REMOVE_ORPHANS: 'true' }, true, false],
  ['down', { COMPOSE_REMOVE_ORPHANS: 'true', COMPOSE_IGNORE_ORPHANS: 'true' }, true, false],
]

for (const [line, env, gone, mentioned] of ORPHANS) {
  for (const place of ['environment', '.env']) {
    inShop(`an orphan and ${line} with ${JSON.stringify(env)} in ${place}`, async (shop) => {
      await shop.run('up', '-d')
      const dotenv = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
      shop.write({ 'stack.yaml': STACK.replace(/ {2}web.*\n/, ''), '.env': place === '.env' ? dotenv.join('') : '' })
      const { code, err } = await shop.begin(line.split(' '), place === '.env' ? {} : { env }).ended
      assert.is(code, 0, err)
      assert.is('web-1' in statesIn(shop), !gone)
      assert.is(err.includes('no longer in the stack file'), mentioned, err)
    })
  }
}

inShop('orphans cannot be both removed and ignored', async (shop) => {
  for (const line of ['up -d --remove-orphans', 'create --remove-orphans', 'plan --remove-orphans']) {
    const { code, err } = await shop.begin(line.split(' '), { env: { COMPOSE_IGNORE_ORPHANS: 'true' } }).ended
    assert.is(code, 1)
    assert.match(err, 'COMPOSE_IGNORE_ORPHANS and --remove-orphans exclude each other')
  }
})

const JOBS = `
name: shop
services:
  job: { image: "job:1" }
  other: { image: "job:1", restart: always }
  db: { image: "db:1" }
`

inShop(
  'wait ends with the code of the last to end, at once if all have ended, and can take the project down',
  async (shop) => {
    await shop.run('up', '-d')
    const { code, out } = await shop.run('wait', 'job')
    assert.equal([code, out], [3, 'shop-job-1 exited with code 3\n'])
    assert.is((await shop.run('wait', 'job')).code, 3)
    assert.is((await shop.run('wait', 'other')).code, 3, 'one that is started again has ended too')
    assert.is((await shop.run('create', '--scale', 'db=2')).code, 0)
    const previewed = await shop.run('--dry-run', 'wait', 'job', 'db', '--down-project')
    assert.is(previewed.code, 0)
    assert.match(previewed.err, /shop-job-1 has already ended, with exit code 3/)
    assert.match(previewed.err, /would wait for shop-db-1/)
    assert.match(previewed.out, /to remove/)
    assert.is((await shop.run('--dry-run', 'wait', 'nosuch')).code, 1)
    assert.is(shop.engine.world.containers.size, 4)
    assert.is((await shop.run('wait', 'job', '--down-project')).code, 3)
    assert.is(shop.engine.world.containers.size, 0)
    assert.is((await shop.run('wait', 'job')).code, 1)
  },
  JOBS,
)

inShop(
  'a wait hears of a stop, of a removal, and of Ctrl-C',
  async (shop) => {
    await shop.run('up', '-d')
    const stopped = shop.begin(['wait', 'db'])
    await shop.run('stop', 'db')
    assert.is((await stopped.ended).code, 143)
    await shop.run('start', 'db')
    const removed = shop.begin(['wait', 'db'])
    await shop.run('kill', 'db')
    assert.is((await removed.ended).code, 137)
    await shop.run('start', 'db')
    const interrupted = shop.begin(['wait', 'db'])
    await shop.engine.clock.sleep(10)
    interrupted.interrupt()
    assert.is((await interrupted.ended).code, 130)
  },
  JOBS,
)

inShop('exec finds a container of run where no other one runs, and the latest of several', async (shop) => {
  await shop.run('run', '-d', '--name', 'one', 'web')
  const exec = (...argv: string[]) => shop.run('--dry-run', 'exec', ...argv, 'web', 'ls')
  assert.match((await exec()).err, 'would run in one')
  await shop.engine.clock.sleep(2000)
  await shop.run('run', '-d', '--name', 'two', 'web')
  assert.match((await exec()).err, 'would run in two')
  await shop.run('up', '-d')
  assert.match((await exec()).err, 'would run in shop-web-1')
  await shop.run('stop', 'web')
  assert.match((await exec()).err, 'would run in two')
  assert.is((await exec('--index', '2')).code, 1)
})

inShop('what a run left behind is an orphan once it has ended', async (shop) => {
  await shop.run('up', '-d')
  await shop.run('run', '-d', '--name', 'ended', 'web')
  await shop.run('run', '-d', '--name', 'goes-on', 'web')
  assert.not.match((await shop.run('up', '-d')).err, 'left over')
  await shop.engine.stopContainer(idOf(shop, 'ended'), { grace: 0 })
  for (const line of ['up -d', 'run -d --name third web', '--dry-run up']) {
    const { err } = await shop.run(...line.split(' '))
    assert.match(err, /warning\[orphans\]: left over from run: ended\n/, line)
  }
  await shop.run('up', '-d', '--remove-orphans')
  assert.equal(Object.keys(statesIn(shop)), ['db-1', 'goes-on', 'third', 'web-1'])
})

inShop('run removes what earlier ones left behind, too', async (shop) => {
  await shop.run('run', '-d', '--name', 'ended', 'db')
  await shop.engine.stopContainer(idOf(shop, 'ended'), { grace: 0 })
  await shop.run('run', '-d', '--remove-orphans', '--name', 'next', 'db')
  assert.equal(Object.keys(statesIn(shop)), ['next'])
})

inShop('down says which commands of run it ends', async (shop) => {
  await shop.run('run', '-d', '--name', 'ended', 'db')
  await shop.run('run', '-d', '--name', 'goes-on', 'db')
  await shop.engine.stopContainer(idOf(shop, 'ended'), { grace: 0 })
  for (const flags of [['--dry-run'], []]) {
    const { code, err } = await shop.run(...flags, 'down')
    assert.is(code, 0)
    assert.match(err, /warning\[one-off-ended\]: .*: goes-on\n/)
  }
  assert.equal(statesIn(shop), {})
  assert.not.match((await shop.run('down')).err, 'one-off')
})

function idOf({ engine }: Lab, name: string): string {
  return [...engine.world.containers.values()].find((each) => each.name === name)?.id ?? ''
}

test.run()
