import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { ALL, type GuardScene, guardScene, STACK, VPN } from './guard-scene.ts'

const test = suite<{ scene: GuardScene }>('guard')

test.after.each((context) => context.scene.remove())

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
  const { must, guard, elapse, at, write, crash } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const { id } = at('other-1')
  const changed = { ...STACK, services: { ...STACK.services, other: { ...STACK.services.other, image: 'app:2' } } }
  write({ 'compose.yaml': JSON.stringify(changed) })
  await until(() => guarding.err().includes('drift'))
  crash('web-1')
  await elapse(10_000)
  assert.is(at('other-1').id, id)
  crash('other-1')
  await elapse(10_000)
  assert.is(at('other-1').id, id, 'what crashed is started as it was')
  const reported = await guarding.end()
  assert.is(reported.split('drift: other-1: image changed').length, 2, reported)
})

test('a list that is behind the events is looked at again', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, engine, elapse, crash, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  await elapse(1_000)
  const list = engine.listContainers
  const before = await list({})
  const until = engine.clock.now() + 400
  engine.listContainers = async (...args) => (engine.clock.now() < until ? before : list(...args))
  crash('web-1')
  await elapse(1_000)
  assert.equal(running(), ALL)
  await guarding.end()
})

test('a container in the namespaces of another follows it', async (context) => {
  const guest = { image: 'app:1', network_mode: 'service:host' }
  context.scene = guardScene({ name: 'lab', services: { host: { image: 'app:1' }, guest, other: { image: 'app:1' } } })
  const { must, guard, engine, elapse, at, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  const other = at('other-1').startedAt
  await engine.behindTheBack.removeContainer(at('host-1').id, { force: true, volumes: false })
  await elapse(15_000)
  assert.equal(running(), ['guest-1', 'host-1', 'other-1'])
  assert.is(at('guest-1').spec.Labels?.[OURS.shares], at('host-1').id)
  assert.is(at('other-1').startedAt, other)
  await guarding.end()
})

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
    const { must, guard, engine, elapse, at, running } = context.scene
    await must('up', '-d')
    const guarding = await guard()
    await elapse(1_000)
    await engine.behindTheBack.stopContainer(at('stopped-1').id, {})
    await elapse(20_000)
    const other = at('other-1').startedAt
    await move(context.scene)
    await elapse(400)
    const { startedAt: moved = 0 } = at('vpn-1')
    await elapse(20_000)
    assert.equal(running(), ['guest-1', 'other-1', 'plain-1', 'vpn-1'])
    assert.is(at('vpn-1').startedAt, moved, 'it is not restarted itself')
    assert.ok((at('guest-1').startedAt ?? 0) >= moved + 1_000, 'once it was healthy')
    assert.ok((at('plain-1').startedAt ?? 0) >= moved)
    assert.ok((at('plain-1').startedAt ?? 0) < moved + 1_000, 'within a second')
    assert.is(at('other-1').startedAt, other)
    engine.calls.length = 0
    await elapse(3_600_000)
    assert.equal(engine.calls, [])
    assert.match(await guarding.end(), 'guest-1 is cut off')
  })
}

test('intent is kept readable by its owner only, and a broken file is set aside', async (context) => {
  context.scene = guardScene(STACK)
  const { must, guard, state, running, crash, elapse } = context.scene
  await must('up', '-d')
  const [folder = ''] = readdirSync(join(state, 'guard'))
  const file = join(state, 'guard', folder, 'intent.json')
  assert.is(statSync(file).mode & 0o077, 0)
  writeFileSync(file, '{"version": 1, "services": ')
  const guarding = await guard()
  crash('web-1')
  await elapse(1_000)
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

/** For changes that only the file system signals. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('what was waited for did not happen')
}

test.run()
