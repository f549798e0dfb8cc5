import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../src/stack/labels.ts'
import { type GuardScene, guardScene } from './guard-scene.ts'

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
  assert.match(await guarding.end(), /exited with code 3; next try in 32 s/)
})

test('one that is unhealthy is restarted, with those that follow it', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, sleep, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const before = [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt)
  const { health } = at('db-1')
  if (health) health.status = 'unhealthy'
  const { emitFor } = await import('../support/memory/lifecycle.ts')
  emitFor(engine.world, at('db-1'), 'health_status: unhealthy')
  await sleep(15_000)
  assert.equal(running(), ALL)
  assert.not.equal(
    [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt).some((time, index) => time === before[index]),
    true,
  )
  assert.match(await guarding.end(), 'db-1 is unhealthy')
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

test('two guards of one project: the second says who is there', async (context) => {
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

test('drift is told once for each change of it, and left alone', async (context) => {
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
  const { writeFileSync } = await import('node:fs')
  writeFileSync(file, '{"version": 1, "services": ')
  const guarding = await guard()
  crash('web-1')
  await sleep(1_000)
  assert.equal(running(), ALL, 'what runs is wanted')
  assert.match(await guarding.end(), 'cannot be understood')
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
