import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError } from '../../../src/docker/port.ts'
import { emitFor } from '../../support/memory/lifecycle.ts'
import { ALL, type GuardScene, guardScene, IMAGES, STACK } from './guard-scene.ts'

const test = suite<{ scene: GuardScene }>('guard')

test.after.each((context) => context.scene.remove())

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

test('a crashed or removed container runs again within a second, and guard asks nothing while nothing happens', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, crash, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await elapse(20_000)
  engine.calls.length = 0
  await elapse(3_600_000)
  assert.equal(engine.calls, [])
  const { id } = at('web-1')
  crash('web-1')
  await elapse(1_000)
  assert.equal(running(), ALL)
  assert.is(at('web-1').id, id, 'what crashed is started, not recreated')
  await elapse(60_000)
  await engine.behindTheBack.removeContainer(id, { force: true, volumes: false })
  await elapse(1_000)
  assert.equal(running(), ALL)
  await engine.behindTheBack.removeContainer(at('job-1').id, { force: true, volumes: false })
  await elapse(1_000)
  assert.is(context.scene.find('job-1'), undefined, 'a job that has done its work is not done again')
  await guarding.end()
})

test('a client waits until its database is back', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, crash, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  crash('web-1')
  crash('db-1')
  await elapse(500)
  assert.equal(running(), ['db-1', 'other-1'])
  await elapse(5_000)
  assert.equal(running(), ALL)
  assert.ok((at('web-1').startedAt ?? 0) >= (at('db-1').startedAt ?? 0) + 1_000, 'healthy after its first probe')
  await guarding.end()
  assert.is(engine.world.listeners.size, 0)
})

test('pauses grow while it does not stay up', async (context) => {
  context.scene = guardScene({ name: 'lab', services: { web: { image: 'brittle:1' } } })
  const { must, guard, engine, elapse } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const began: number[] = []
  engine.world.listeners.add(({ action }) => {
    if (action === 'start') began.push(engine.clock.now())
  })
  await elapse(300_000)
  const pauses = began.slice(1).map((time, index) => Math.floor((time - (began[index] ?? 0)) / 1000))
  assert.equal(pauses.slice(0, 8), [2, 4, 8, 16, 32, 60, 60, 60])
  assert.match(await guarding.end(), /web-1 exited with code 3, for the 7th time; restarting it in 32 s/)
})

test('one line a crash, with its count and last words, and one when it runs again', async (context) => {
  context.scene = guardScene(SPEAKING, { ...IMAGES, ...SAYING })
  const { must, guard, engine, elapse } = context.scene
  let crashes = 0
  engine.world.listeners.add(({ action }) => {
    if (action === 'die') crashes++
  })
  await must('up', '-d')
  const guarding = await guard()
  await elapse(14_000)
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

test('a container that cannot be started is one problem, reported once with the reason', async (context) => {
  context.scene = guardScene(SPEAKING, { ...IMAGES, ...SAYING })
  const { must, guard, elapse, engine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { startContainer } = engine
  engine.startContainer = async () => {
    throw new EngineError('no space left on device', 500)
  }
  await elapse(60_000)
  engine.startContainer = startContainer
  await elapse(61_000)
  const reported = await guarding.end()
  assert.is(reported.match(/exited with code 3: /g)?.length, 1, reported)
  assert.is(reported.match(/no space left/g)?.length, 1, reported)
  assert.match(reported, 'web-1 runs again')
})

test('one that is unhealthy is restarted, with those that follow it', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  // The engine's own first probe, which passes, is over.
  await elapse(2_000)
  const before = [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt)
  const { health } = at('db-1')
  if (health) Object.assign(health, { status: 'unhealthy', failingStreak: 3 })
  emitFor(engine.world, at('db-1'), 'health_status: unhealthy')
  await elapse(15_000)
  assert.equal(running(), ALL)
  assert.not.equal(
    [at('db-1'), at('web-1')].map(({ startedAt }) => startedAt).some((time, index) => time === before[index]),
    true,
  )
  assert.match(await guarding.end(), 'db-1 is unhealthy')
})

test('the unhealthy that a pause leaves behind is none, until the tests fail', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, elapse, at, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await elapse(2_000)
  const { startedAt } = at('db-1')
  await must('pause', 'db')
  await must('unpause', 'db')
  crash('other-1')
  await elapse(900)
  assert.is(at('db-1').startedAt, startedAt, 'it was tested by nobody yet')
  // From now on its tests fail; the engine reports nothing, since it was unhealthy before.
  at('db-1').testing?.abort()
  Object.assign(at('db-1').health ?? {}, { failingStreak: 3 })
  await elapse(15_000)
  assert.not.equal(at('db-1').startedAt, startedAt)
  await guarding.end()
})

test.run()
