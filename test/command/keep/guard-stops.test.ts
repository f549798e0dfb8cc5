import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ALL, type GuardScene, guardScene, STACK, VPN } from './guard-scene.ts'

const test = suite<{ scene: GuardScene }>('guard')

test.after.each((context) => context.scene.remove())

test('a stop or kill by anybody is on purpose, and a guard that starts later knows', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, at, running } = context.scene
  await must('up', '-d')
  const first = await guard()
  await engine.behindTheBack.stopContainer(at('web-1').id, {})
  await engine.behindTheBack.killContainer(at('other-1').id, 'KILL')
  await elapse(10_000)
  assert.equal(running(), ['db-1'])
  assert.match(await first.end(), 'web-1 was stopped on purpose')
  const second = await guard()
  await elapse(10_000)
  assert.equal(running(), ['db-1'])
  await must('stop', 'db')
  await elapse(100_000)
  assert.equal(running(), [])
  await must('start', 'web')
  await elapse(10_000)
  assert.equal(running(), ['db-1', 'web-1'])
  await second.end()
  await must('up', '-d')
  const third = await guard()
  context.scene.crash('other-1')
  await elapse(1_000)
  assert.equal(running(), ALL)
  await must('down')
  await elapse(100_000)
  assert.equal(running(), [])
  await third.end()
})

test('a stop is reported once nothing can contradict it any more', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, at, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { removeContainer, stopContainer, startContainer, killContainer } = engine.behindTheBack
  // What others do that is no stop to stay: a forced removal takes the engine a while after the end.
  await killContainer(at('web-1').id, 'KILL')
  await elapse(300)
  await removeContainer(at('web-1').id, { force: true, volumes: false })
  await stopContainer(at('other-1').id, {})
  await elapse(300)
  await startContainer(at('other-1').id)
  await elapse(20_000)
  assert.equal(running(), ALL)
  await endEngine()
  await elapse(1_000)
  beginEngine()
  await elapse(20_000)
  assert.equal(running(), ALL)
  assert.not.match(guarding.err(), 'on purpose')
  // And what stays.
  await killContainer(at('web-1').id, 'KILL')
  await stopContainer(at('other-1').id, {})
  await elapse(10_000)
  assert.equal(running(), ['db-1'])
  const reported = await guarding.end()
  assert.equal(reported.match(/\S+ was stopped on purpose/g)?.sort(), [
    'other-1 was stopped on purpose',
    'web-1 was stopped on purpose',
  ])
})

test('an engine that ends and begins again has stopped nothing on purpose', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, at, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await engine.behindTheBack.stopContainer(at('other-1').id, {})
  await elapse(20_000)
  await endEngine()
  await elapse(300_000)
  beginEngine()
  await elapse(20_000)
  assert.equal(running(), ['db-1', 'web-1'])
  const reported = await guarding.end()
  assert.match(reported, 'the engine does not answer')
  assert.match(reported, 'the engine answers again')
})

test('a guard that ends along with the engine has learnt nothing from its end', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, elapse, running, endEngine, beginEngine } = context.scene
  await must('up', '-d')
  const first = await guard()
  await endEngine()
  await first.end()
  beginEngine()
  const second = await guard()
  await elapse(10_000)
  assert.equal(running(), ALL)
  await second.end()
})

test('while the connection is cut, what happened is seen afterwards', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, elapse, running, cut, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  cut()
  crash('web-1')
  await elapse(2_000)
  assert.equal(running(), ALL)
  await guarding.end()
})

test('a stop right after it was brought back is on purpose', async (context) => {
  context.scene = guardScene(VPN)
  const { must, guard, engine, elapse, at, running, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await elapse(20_000)
  crash('plain-1')
  while (at('plain-1').state !== 'running') await elapse(1)
  await engine.behindTheBack.stopContainer(at('plain-1').id, {})
  await elapse(200_000)
  assert.equal(running(), ['guest-1', 'other-1', 'stopped-1', 'vpn-1'])
  await guarding.end()
})

test('Ctrl-C of an attached up stops on purpose', async (context) => {
  context.scene = guardScene(STACK)
  const { guard, attached, elapse, running } = context.scene
  const up = attached('up')
  while (running().length < ALL.length) await elapse(100)
  const guarding = await guard()
  up.interrupt()
  await up.ended
  await elapse(100_000)
  assert.equal(running(), [])
  await guarding.end()
})

test.run()
