import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE, OURS } from '../../../../src/backend/docker/labels.ts'
import { oldest } from '../../../../src/backend/engine/observe/networks.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { NetworkDetail } from '../../../../src/docker/port.ts'
import type { Service } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf } from '../../support.ts'
import { assertUp, down, killedAfter, leftOf, planFor, up } from '../carry-out.ts'

/** What a later command must not take for something else: policies, names, and volumes of others. */
const FIXTURES = {
  ...IMAGES,
  'broken:1': { startFails: 'no such program' },
  'sick:1': { passesAfter: Number.POSITIVE_INFINITY },
}
const engineWith = () => memoryEngine({ images: FIXTURES })
const app = (rev: string, more: Service = {}): Service => ({ environment: { REV: rev }, ...more })
const only = (service: Service) => stackOf({ services: { app: service } })

test('an old container keeps its restart policy when its replacement, with another one, is killed', async () => {
  let kept = 0
  for (let writes = 0; writes < 7; writes++) {
    const engine = engineWith()
    const before = only(app('1', { restart: 'always' }))
    await up(engine, before)
    const [old] = (await leftOf(engine, before)).containers
    await killedAfter(engine, writes, () => up(engine, only(app('2', { restart: 'unless-stopped' }))))
    if (!(await engine.inspectContainer(old?.id ?? ''))) continue
    await up(engine, only(app('3', { image: 'broken:1', restart: 'on-failure' })))
    const detail = await engine.inspectContainer(old?.id ?? '')
    if (!detail) continue
    kept++
    assert.is(detail.spec.HostConfig.RestartPolicy?.Name, 'always', `after ${writes} writes`)
  }
  assert.ok(kept >= 3)
})

test('a replacement that was started without the names of the service has them once the next command is done', async () => {
  const update = { deploy: { update_config: { order: 'start-first' } } }
  const stack = (rev: string) => only(app(rev, { image: 'lean:1', ...update }))
  for (let writes = 0; writes < 10; writes++) {
    const engine = engineWith()
    await up(engine, stack('1'))
    await killedAfter(engine, writes, () => up(engine, stack('2')))
    assert.ok((await up(engine, stack('2'))).ok, `after ${writes} writes`)
    await assertUp(engine, stack('2'))
  }
})

test('an image that declares a volume is updated stop-first: two containers would write to what is carried over', async () => {
  const engine = engineWith()
  const stack = (rev: string) => only(app(rev, { deploy: { update_config: { order: 'start-first' } } }))
  await up(engine, stack('1'))
  const { steps, notes } = await planFor(engine, stack('2'), UP)
  const order = steps.map((step) => step.id.split(':')[0])
  assert.ok(order.indexOf('stop') < order.indexOf('start-next'))
  assert.ok(notes.some((note) => note.code === 'not-supported'))
})

test('down -v leaves a carried volume that a container which stays has mounted', async () => {
  const engine = engineWith()
  await up(engine, only(app('1')))
  await up(engine, only(app('2')))
  const [volume] = (await leftOf(engine, only(app('2')))).anonymous
  const Labels = { [COMPOSE.project]: 'lab', [COMPOSE.service]: 'gone', [COMPOSE.number]: '1' }
  const HostConfig = { Binds: [`${volume?.name}:/there`] }
  await engine.startContainer((await engine.createContainer('guest', { Image: 'lean:1', Labels, HostConfig })).id)
  engine.calls.length = 0
  await down(engine, only(app('2')), { volumes: true })
  assert.not(engine.calls.some(({ method, args }) => method === 'removeVolume' && args[0] === volume?.name))
  assert.ok(await engine.inspectVolume(volume?.name ?? ''))
})

test('a container that borrows volumes carries none of them over: they are not its own', async () => {
  const engine = engineWith()
  const stack = (rev: string) => stackOf({ services: { app: app('1'), guest: app(rev, { volumes_from: ['app'] }) } })
  await up(engine, stack('1'))
  await up(engine, stack('2'))
  const { containers, anonymous } = await leftOf(engine, stack('2'))
  assert.is(anonymous.length, 1)
  const guest = containers.find((each) => each.name === 'lab-guest-1')
  assert.is(guest?.mounts.find((each) => each.target === '/cache')?.name, anonymous[0]?.name)
  assert.is(guest?.labels[OURS.carried] ?? '', '')
})

test('a dependency that only one of two can do without fails the command, and that is reported', async () => {
  const engine = engineWith()
  const needs = (required: boolean) => ({ depends_on: { db: { condition: 'service_healthy' as const, required } } })
  const healthcheck = { test: ['CMD', 'ok'], interval: '1s', retries: 2 }
  for (const [one, other] of [
    [true, false],
    [false, true],
  ] as const) {
    const services = { a: app('1', needs(one)), b: app('1', needs(other)), db: { image: 'sick:1', healthcheck } }
    const { ok, problems } = await up(engine, stackOf({ services }))
    assert.not(ok)
    assert.equal(
      problems.map((each) => each.code),
      ['container-unhealthy'],
    )
    await down(engine, stackOf({ services }))
  }
})

test('of networks of one name the one that was made first counts, whatever their ids', () => {
  const made = (id: string, created: string) => ({ id, created }) as NetworkDetail
  const [early, late] = ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'] as const
  assert.is(oldest([made('a', late), made('b', early)])?.id, 'b')
  assert.is(oldest([made('b', early), made('a', late)])?.id, 'b')
  assert.is(oldest([made('b', early), made('a', early)])?.id, 'a')
})

test.run()
