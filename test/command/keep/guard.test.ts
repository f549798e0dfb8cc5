import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { EngineError } from '../../../src/docker/port.ts'
import { emitFor } from '../../support/memory/lifecycle.ts'
import { type GuardScene, guardScene, IMAGES } from './guard-scene.ts'

const test = suite<{ scene: GuardScene }>('guard')

const STACK = {
  name: 'lab',
  services: {
    db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
    web: { image: 'app:1', depends_on: { db: { condition: 'service_healthy', restart: true } } },
    other: { image: 'app:1', depends_on: { job: { condition: 'service_completed_successfully' } } },
    job: { image: 'job:1' },
  },
}
const ALL = ['db-1', 'other-1', 'web-1']

test.after.each((context) => context.scene.remove())

test('what crashes or is removed runs again within a second, and nothing is asked while nothing happens', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, crash, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await sleep(20_000)
  engine.calls.length = 0
  await sleep(3_600_000)
  assert.equal(engine.calls, [])
  const { id } = at('web-1')
  crash('web-1')
  await sleep(1_000)
  assert.equal(running(), ALL)
  assert.is(at('web-1').id, id, 'what crashed is started, not recreated')
  await sleep(60_000)
  await engine.behindTheBack.removeContainer(id, { force: true, volumes: false })
  await sleep(1_000)
  assert.equal(running(), ALL)
  await engine.behindTheBack.removeContainer(at('job-1').id, { force: true, volumes: false })
  await sleep(1_000)
  assert.is(context.scene.find('job-1'), undefined, 'a job that has done its work is not done again')
  await guarding.end()
})

test('what needs it waits for it: a database comes back before its client', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, crash, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  crash('web-1')
  crash('db-1')
  await sleep(500)
  assert.equal(running(), ['db-1', 'other-1'])
  await sleep(5_000)
  assert.equal(running(), ALL)
  assert.ok((at('web-1').startedAt ?? 0) >= (at('db-1').startedAt ?? 0) + 1_000, 'healthy after its first probe')
  await guarding.end()
  assert.is(engine.world.listeners.size, 0)
})

test('a stop or kill by anybody is on purpose, and a guard that starts later knows', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, at, running } = context.scene
  await must('up', '-d')
  const first = await guard()
  await engine.behindTheBack.stopContainer(at('web-1').id, {})
  await engine.behindTheBack.killContainer(at('other-1').id, 'KILL')
  await sleep(10_000)
  assert.equal(running(), ['db-1'])
  assert.match(await first.end(), 'web-1 was stopped on purpose')
  const second = await guard()
  await sleep(10_000)
  assert.equal(running(), ['db-1'])
  await must('stop', 'db')
  await sleep(100_000)
  assert.equal(running(), [])
  await must('start', 'web')
  await sleep(10_000)
  assert.equal(running(), ['db-1', 'web-1'])
  await second.end()
  await must('up', '-d')
  const third = await guard()
  context.scene.crash('other-1')
  await sleep(1_000)
  assert.equal(running(), ALL)
  await must('down')
  await sleep(100_000)
  assert.equal(running(), [])
  await third.end()
})

test('a stop is reported once nothing can contradict it any more', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, at, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { removeContainer, stopContainer, startContainer, killContainer } = engine.behindTheBack
  // What others do that is no stop to stay: a forced removal takes the engine a while after the end.
  await killContainer(at('web-1').id, 'KILL')
  await sleep(300)
  await removeContainer(at('web-1').id, { force: true, volumes: false })
  await stopContainer(at('other-1').id, {})
  await sleep(300)
  await startContainer(at('other-1').id)
  await sleep(20_000)
  assert.equal(running(), ALL)
  await endEngine()
  await sleep(1_000)
  beginEngine()
  await sleep(20_000)
  assert.equal(running(), ALL)
  assert.not.match(guarding.err(), 'on purpose')
  // And what stays.
  await killContainer(at('web-1').id, 'KILL')
  await stopContainer(at('other-1').id, {})
  await sleep(10_000)
  assert.equal(running(), ['db-1'])
  const told = await guarding.end()
  assert.equal(told.match(/\S+ was stopped on purpose/g)?.sort(), [
    'other-1 was stopped on purpose',
    'web-1 was stopped on purpose',
  ])
})

test('pauses grow while it does not stay up', async (context) => {
  context.scene = guardScene({ name: 'lab', services: { web: { image: 'brittle:1' } } })
  const { must, guard, engine, sleep } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const began: number[] = []
  engine.world.listeners.add(({ action }) => {
    if (action === 'start') began.push(engine.clock.now())
  })
  await sleep(300_000)
  const pauses = began.slice(1).map((time, index) => Math.floor((time - (began[index] ?? 0)) / 1000))
  assert.equal(pauses.slice(0, 8), [2, 4, 8, 16, 32, 60, 60, 60])
  assert.match(await guarding.end(), /web-1 exited with code 3, for the 7th time; restarting it in 32 s/)
})

const SPEAKING = {
  name: 'lab',
  services: { web: { image: 'speaking:1', environment: { DB_PASSWORD: 'swordfish' } } },
}

const SAYING = {
  'speaking:1': {
    cmd: ['run'],
    exits: { after: 3_500, code: 3 },
    log: [
      { after: 10, text: 'begun' },
      { after: 20, text: 'cannot use swordfish\u001b[31m ' },
      { after: 30, text: '' },
    ],
  },
}

test('one line a crash, with its count and last words, and one when it runs again', async (context) => {
  context.scene = guardScene(SPEAKING, { ...IMAGES, ...SAYING })
  const { must, guard, engine, sleep } = context.scene
  let crashes = 0
  engine.world.listeners.add(({ action }) => {
    if (action === 'die') crashes++
  })
  await must('up', '-d')
  const guarding = await guard()
  await sleep(14_000)
  const lines = (await guarding.end()).split('\n').flatMap((line) => /Z (web-1.*)/.exec(line)?.[1] ?? [])
  const words = 'cannot use ••••••␛[31m'
  assert.equal(lines.slice(0, 5), [
    `web-1 exited with code 3: ${words}; restarting it`,
    'web-1 runs again',
    `web-1 exited with code 3, for the 2nd time: ${words}; restarting it in 1 s`,
    'web-1 runs again',
    `web-1 exited with code 3, for the 3rd time: ${words}; restarting it in 2 s`,
  ])
  assert.is(lines.filter((line) => line.includes('exited')).length, crashes)
})

test('what cannot be started is one problem, reported once with the reason', async (context) => {
  context.scene = guardScene(SPEAKING, { ...IMAGES, ...SAYING })
  const { must, guard, sleep, engine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { startContainer } = engine
  engine.startContainer = async () => {
    throw new EngineError('no space left on device', 500)
  }
  await sleep(60_000)
  engine.startContainer = startContainer
  await sleep(61_000)
  const told = await guarding.end()
  assert.is(told.match(/exited with code 3: /g)?.length, 1, told)
  assert.is(told.match(/no space left/g)?.length, 1, told)
  assert.match(told, 'web-1 runs again')
})

test('one that is unhealthy is restarted, with those that follow it', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  // The engine's own first probe, which passes, is over.
  await sleep(2_000)
  const before = [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt)
  const { health } = at('db-1')
  if (health) Object.assign(health, { status: 'unhealthy', failingStreak: 3 })
  emitFor(engine.world, at('db-1'), 'health_status: unhealthy')
  await sleep(15_000)
  assert.equal(running(), ALL)
  assert.not.equal(
    [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt).some((time, index) => time === before[index]),
    true,
  )
  assert.match(await guarding.end(), 'db-1 is unhealthy')
})

test('the unhealthy that a pause leaves behind is none, until the tests fail', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, sleep, at, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await sleep(2_000)
  const { startedAt } = at('db-1')
  await must('pause', 'db')
  await must('unpause', 'db')
  crash('other-1')
  await sleep(900)
  assert.is(at('db-1').startedAt, startedAt, 'it was tested by nobody yet')
  // From now on its tests fail; the engine tells nobody, for unhealthy is what it was.
  at('db-1').testing?.abort()
  Object.assign(at('db-1').health ?? {}, { failingStreak: 3 })
  await sleep(15_000)
  assert.not.equal(at('db-1').startedAt, startedAt)
  await guarding.end()
})

test('an engine that ends and begins again has stopped nothing on purpose', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, at, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await engine.behindTheBack.stopContainer(at('other-1').id, {})
  await sleep(20_000)
  await endEngine()
  await sleep(300_000)
  beginEngine()
  await sleep(20_000)
  assert.equal(running(), ['db-1', 'web-1'])
  const told = await guarding.end()
  assert.match(told, 'the engine does not answer')
  assert.match(told, 'the engine answers again')
})

test('a guard that ends along with the engine has learnt nothing from its end', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, sleep, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const first = await guard()
  await endEngine()
  await first.end()
  beginEngine()
  const second = await guard()
  await sleep(10_000)
  assert.equal(running(), ALL)
  await second.end()
})

test('while the connection is cut, what happened is seen afterwards', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, sleep, running, cut, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  cut()
  crash('web-1')
  await sleep(2_000)
  assert.equal(running(), ALL)
  await guarding.end()
})

test('two guards of one project: the second names the first', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, alsoGuard } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const second = await alsoGuard()
  assert.is(second.code, 1)
  assert.match(second.err, 'lab is guarded already, by process 42')
  assert.match((await alsoGuard('--status')).out, 'lab is guarded by process 42')
  await guarding.end()
  assert.is((await alsoGuard('--status')).code, 1)
})

test('a guard has no dry run: that is refused, and nothing is guarded', async (context) => {
  context.scene = guardScene(STACK)
  const { must, attached, engine, state } = context.scene
  await must('up', '-d')
  const before = [readdirSync(state, { recursive: true }), engine.calls.length]
  assert.is((await attached('guard', '--dry-run', '--status').ended).out, 'lab is not guarded\n')
  assert.is((await attached('guard', '--dry-run', '--print-unit').ended).code, 0)
  for (const flags of [[], ['web'], ['--detach'], ['--stop']]) {
    const begun = attached('guard', '--dry-run', ...flags)
    // One that stands guard after all ends by this.
    begun.interrupt()
    const { code, out, err } = await begun.ended
    assert.equal([code, out], [1, ''], flags.join(' '))
    assert.match(err, '--dry-run')
    assert.match(err, 'flotilla plan')
  }
  assert.equal([readdirSync(state, { recursive: true }), engine.calls.length], before)
})

test('drift is reported once for each change of it, and left alone', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, sleep, at, write, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { id } = at('other-1')
  const changed = { ...STACK, services: { ...STACK.services, other: { ...STACK.services.other, image: 'app:2' } } }
  write({ 'compose.yaml': JSON.stringify(changed) })
  await until(() => guarding.err().includes('drift'))
  crash('web-1')
  await sleep(10_000)
  assert.is(at('other-1').id, id)
  crash('other-1')
  await sleep(10_000)
  assert.is(at('other-1').id, id, 'what crashed is started as it was')
  const told = await guarding.end()
  assert.is(told.split('drift: other-1: image changed').length, 2, told)
})

test('a list that is behind the events is looked at again', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, crash, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await sleep(1_000)
  const list = engine.listContainers
  const before = await list({})
  const until = engine.clock.now() + 400
  engine.listContainers = async (...args) => (engine.clock.now() < until ? before : list(...args))
  crash('web-1')
  await sleep(1_000)
  assert.equal(running(), ALL)
  await guarding.end()
})

test('what lives in the namespaces of another goes along with it', async (context) => {
  const guest = { image: 'app:1', network_mode: 'service:host' }
  context.scene = guardScene({ name: 'lab', services: { host: { image: 'app:1' }, guest, other: { image: 'app:1' } } })
  const { must, guard, engine, sleep, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const other = at('other-1').startedAt
  await engine.behindTheBack.removeContainer(at('host-1').id, { force: true, volumes: false })
  await sleep(15_000)
  assert.equal(running(), ['guest-1', 'host-1', 'other-1'])
  assert.is(at('guest-1').spec.Labels?.[OURS.shares], at('host-1').id)
  assert.is(at('other-1').startedAt, other)
  await guarding.end()
})

const VPN = {
  name: 'lab',
  services: {
    vpn: { image: 'db:1', restart: 'always', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
    guest: {
      image: 'app:1',
      network_mode: 'service:vpn',
      depends_on: { vpn: { condition: 'service_healthy' } },
    },
    plain: { image: 'app:1', pid: 'service:vpn' },
    stopped: { image: 'app:1', network_mode: 'service:vpn' },
    other: { image: 'app:1' },
  },
}

/** What happens to the container in whose namespaces others live, and leaves them in those of its earlier run. */
const MOVES: Record<string, (scene: GuardScene) => Promise<unknown> | unknown> = {
  'the engine starts it again': ({ crash }) => crash('vpn-1'),
  'it is restarted by hand': async ({ engine, at }) => {
    await engine.behindTheBack.stopContainer(at('vpn-1').id, {})
    await engine.behindTheBack.startContainer(at('vpn-1').id)
  },
  'it is restarted while the connection is cut': async ({ engine, at, cut }) => {
    cut()
    await engine.behindTheBack.stopContainer(at('vpn-1').id, {})
    await engine.behindTheBack.startContainer(at('vpn-1').id)
  },
}

for (const [what, move] of Object.entries(MOVES)) {
  test(`${what}: what lives in its namespaces is brought along, once it is ready`, async (context) => {
    context.scene = guardScene(VPN)
    const { must, guard, engine, sleep, at, running } = context.scene
    await must('up', '-d')
    const guarding = await guard()
    await sleep(1_000)
    await engine.behindTheBack.stopContainer(at('stopped-1').id, {})
    await sleep(20_000)
    const other = at('other-1').startedAt
    await move(context.scene)
    await sleep(400)
    const { startedAt: moved = 0 } = at('vpn-1')
    await sleep(20_000)
    assert.equal(running(), ['guest-1', 'other-1', 'plain-1', 'vpn-1'])
    assert.is(at('vpn-1').startedAt, moved, 'it is not restarted itself')
    assert.ok((at('guest-1').startedAt ?? 0) >= moved + 1_000, 'once it was healthy')
    assert.ok((at('plain-1').startedAt ?? 0) >= moved)
    assert.ok((at('plain-1').startedAt ?? 0) < moved + 1_000, 'within a second')
    assert.is(at('other-1').startedAt, other)
    engine.calls.length = 0
    await sleep(3_600_000)
    assert.equal(engine.calls, [])
    assert.match(await guarding.end(), 'guest-1 is cut off')
  })
}

test('a stop right after it was brought back is on purpose', async (context) => {
  context.scene = guardScene(VPN)
  const { must, guard, engine, sleep, at, running, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await sleep(20_000)
  crash('plain-1')
  while (at('plain-1').state !== 'running') await sleep(1)
  await engine.behindTheBack.stopContainer(at('plain-1').id, {})
  await sleep(200_000)
  assert.equal(running(), ['guest-1', 'other-1', 'stopped-1', 'vpn-1'])
  await guarding.end()
})

test('Ctrl-C of an attached up stops on purpose', async (context) => {
  context.scene = guardScene(STACK)
  const { guard, attached, sleep, running } = context.scene
  const up = attached('up')
  while (running().length < ALL.length) await sleep(100)
  const guarding = await guard()
  up.interrupt()
  await up.ended
  await sleep(100_000)
  assert.equal(running(), [])
  await guarding.end()
})

test('intent is kept readable by its owner only, and a broken file is set aside', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, state, running, crash, sleep } = context.scene
  await must('up', '-d')
  const [folder = ''] = readdirSync(join(state, 'guard'))
  const file = join(state, 'guard', folder, 'intent.json')
  assert.is(statSync(file).mode & 0o077, 0)
  writeFileSync(file, '{"version": 1, "services": ')
  const guarding = await guard()
  crash('web-1')
  await sleep(1_000)
  assert.equal(running(), ALL, 'what runs is wanted')
  assert.match(await guarding.end(), 'cannot be parsed')
  assert.ok(existsSync(`${file}.broken`))
  assert.match(readFileSync(file, 'utf8'), 'running')
})

test('the unit names everything in full', async (context) => {
  context.scene = guardScene(STACK)
  const { alsoGuard, directory } = context.scene
  const { out, code } = await alsoGuard('--print-unit', 'web')
  assert.is(code, 0)
  const exec = out.split('\n').find((line) => line.startsWith('ExecStart='))
  assert.is(
    exec,
    `ExecStart=/usr/bin/node /opt/flotilla/main.js --file ${directory}/compose.yaml --project-name lab --project-directory ${directory} guard web`,
  )
})

/** For what the file system tells: nothing else signals it. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('what was waited for did not happen')
}

test.run()
