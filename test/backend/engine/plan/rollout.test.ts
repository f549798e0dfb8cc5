import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service, Stack, UpdateConfig } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { assertUp, isWrite, leftOf, planFor, up } from '../carry-out.ts'

const IMAGES = {
  'web:1': { passesAfter: 300 },
  'web:2': { passesAfter: 300, content: '2' },
  'web:sick': { passesAfter: Number.POSITIVE_INFINITY },
  'web:dying': { passesAfter: 0, exits: { after: 700, code: 3 } },
  'web:broken': { startFails: 'no such program' },
}

function stack(image: string, replicas: number, update: UpdateConfig, more: Service = {}): Stack {
  const healthcheck = { test: ['CMD', 'ok'], interval: '1s', retries: 2 }
  const environment = { REV: image }
  const web = {
    image,
    environment,
    scale: replicas,
    healthcheck,
    restart: 'always',
    deploy: { update_config: update },
    ...more,
  }
  return stackOf({ services: { web } })
}

/** Called after every write, with the containers that others find under the service's name and that run. */
function watched(engine: MemoryEngine, look: (serving: number) => void): void {
  engine.hooks.after = ({ method }) => {
    if (!isWrite(method)) return
    const serving = [...engine.world.containers.values()].filter((each) => each.state === 'running')
    look(
      serving.filter((each) => [...each.endpoints.values()].some(({ spec }) => spec.Aliases?.includes('web'))).length,
    )
  }
}

test('start-first: a container answers to the name of the service all the time', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack('web:1', 1, { order: 'start-first' }))
  const seen: number[] = []
  watched(engine, (serving) => seen.push(serving))
  assert.ok((await up(engine, stack('web:2', 1, { order: 'start-first' }))).ok)
  assert.ok(seen.length > 5 && Math.min(...seen) >= 1, seen.join())
  await assertUp(engine, stack('web:2', 1, { order: 'start-first' }))
})

test('start-first: a new container that is never ready changes nothing', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const before = stack('web:1', 1, { order: 'start-first' })
  await up(engine, before)
  const [old] = (await leftOf(engine, before)).containers
  assert.not((await up(engine, stack('web:sick', 1, { order: 'start-first' }))).ok)
  await assertUp(engine, before)
  assert.is((await leftOf(engine, before)).containers[0]?.id, old?.id)
})

test('start-first falls back to stop-first, with a note, where two at once would hurt', async () => {
  const cases: Service[] = [
    { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
    { ports: [{ target: 80, published: '8080' }] },
    { networks: { default: { ipv4_address: '10.0.0.5' } } },
    { network_mode: 'host' },
  ]
  for (const more of cases) {
    const engine = memoryEngine({ images: IMAGES })
    const volumes = { data: { name: 'lab_data' } }
    await up(engine, { ...stack('web:1', 1, {}, more), volumes })
    const plan = await planFor(engine, { ...stack('web:2', 1, { order: 'start-first' }, more), volumes }, UP)
    assert.ok(plan.notes.some((note) => note.code === 'not-supported'))
    const order = plan.steps.map((step) => step.id.split(':')[0])
    assert.ok(order.indexOf('stop') < order.indexOf('start-next'))
  }
})

for (const parallelism of [1, 2]) {
  test(`parallelism ${parallelism}: of four replicas at least ${4 - parallelism} serve all the time`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    await up(engine, stack('web:1', 4, { parallelism }))
    let least = 4
    watched(engine, (serving) => {
      least = Math.min(least, serving)
    })
    assert.ok((await up(engine, stack('web:2', 4, { parallelism }), { wait: true })).ok)
    assert.is(least, 4 - parallelism)
    await assertUp(engine, stack('web:2', 4, { parallelism }))
  })
}

test('delay: that long between two batches', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack('web:1', 3, { delay: '20s' }))
  const began = engine.clock.now()
  assert.ok((await up(engine, stack('web:2', 3, { delay: '20s' }))).ok)
  assert.ok(engine.clock.now() - began >= 40_000)
})

const revisions = async (engine: MemoryEngine, of: Stack) => {
  const { containers } = await leftOf(engine, of)
  return containers.map((each) => each.image).sort()
}

test('a batch waits until the one before is healthy, not only started', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack('web:1', 2, {}))
  const began = engine.clock.now()
  assert.ok((await up(engine, stack('web:2', 2, {}))).ok)
  assert.ok(engine.clock.now() - began >= 600)
})

test('monitor: a replica that ends within it has failed, and the old one comes back', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const before = stack('web:1', 1, { monitor: '5s' })
  await up(engine, before)
  assert.not((await up(engine, stack('web:dying', 1, { monitor: '5s' }, { restart: 'no' }))).ok)
  assert.equal(await revisions(engine, before), ['web:1'])
})

test('pause: after a failure no further replica is touched', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const before = stack('web:1', 3, { failure_action: 'pause' })
  await up(engine, before)
  engine.calls.length = 0
  assert.not((await up(engine, stack('web:broken', 3, { failure_action: 'pause' }))).ok)
  assert.is(engine.calls.filter((call) => call.method === 'stopContainer' && isOld(engine, call.args[0])).length, 1)
  await assertUp(engine, before)
})

test('continue: every replica is tried', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const before = stack('web:1', 3, {})
  await up(engine, before)
  engine.calls.length = 0
  assert.not((await up(engine, stack('web:broken', 3, { failure_action: 'continue' }))).ok)
  assert.is(engine.calls.filter((call) => call.method === 'stopContainer' && isOld(engine, call.args[0])).length, 3)
})

test('max_failure_ratio: so many failures do not stop the update', async () => {
  for (const [ratio, tried] of [
    [0, 1],
    [0.34, 2],
    [1, 3],
  ] as const) {
    const engine = memoryEngine({ images: IMAGES })
    await up(engine, stack('web:1', 3, {}))
    engine.calls.length = 0
    await up(engine, stack('web:broken', 3, { max_failure_ratio: ratio }))
    assert.is(
      engine.calls.filter((call) => call.method === 'stopContainer' && isOld(engine, call.args[0])).length,
      tried,
      `${ratio}`,
    )
  }
})

test('rollback: if the last replica fails, the first ones go back too', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const before = stack('web:1', 3, {})
  await up(engine, before)
  let starts = 0
  engine.hooks.before = ({ method }) => {
    if (method === 'startContainer' && ++starts === 3) throw new Error('the third start fails')
  }
  assert.not((await up(engine, stack('web:2', 3, { failure_action: 'rollback' }))).ok)
  delete engine.hooks.before
  assert.equal(await revisions(engine, before), ['web:1', 'web:1', 'web:1'])
  await assertUp(engine, before)
})

/** The replicas that end with a failure are those whose start is one of `failing`, in the order of starts. */
function failingStarts(engine: MemoryEngine, failing: number[]): void {
  let starts = 0
  engine.hooks.before = ({ method, args }) => {
    const isNext = engine.world.containers.get(String(args[0]))?.spec.Image === 'web:2'
    if (method === 'startContainer' && isNext && failing.includes(++starts)) throw new Error('expected failure')
  }
}

test('rollback: as many failures as are tolerated leave the other replicas updated, and more take all of them back', async () => {
  for (const [ratio, failing, updated] of [
    [0, [], 4],
    [0, [2], 0],
    [0.25, [1], 3],
    [0.5, [1, 3], 2],
    [0.5, [4], 3],
    [0.5, [1, 2, 3], 0],
    [0.5, [2, 3, 4], 0],
  ] as const) {
    for (const parallelism of [0, 1, 2, 3]) {
      const engine = memoryEngine({ images: IMAGES })
      const config = { parallelism, failure_action: 'rollback', max_failure_ratio: ratio }
      await up(engine, stack('web:1', 4, config))
      failingStarts(engine, [...failing])
      const outcome = await up(engine, stack('web:2', 4, config))
      assert.is(outcome.ok, failing.length === 0)
      delete engine.hooks.before
      const all = await leftOf(engine, stack('web:1', 4, config))
      assert.ok(all.containers.every((each) => each.state === 'running' && !each.name.endsWith('_next')))
      const found = all.containers.filter((each) => each.image === 'web:2').length
      assert.is(found, updated, `${ratio} ${failing} ${parallelism}`)
    }
  }
})

for (const [order, rollback, away] of [
  ['stop-first', undefined, 1],
  ['stop-first', { parallelism: 1 }, 1],
  ['stop-first', { parallelism: 2 }, 2],
  ['stop-first', { parallelism: 0 }, 3],
  ['start-first', undefined, 0],
  ['start-first', { order: 'start-first', parallelism: 0 }, 0],
  ['start-first', { parallelism: 1 }, 1],
] as const) {
  test(`rollback of ${order} with ${JSON.stringify(rollback)}: of four replicas at most ${away} are away at once`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    const deploy = {
      update_config: { parallelism: 1, failure_action: 'rollback', order },
      ...(rollback && { rollback_config: rollback }),
    }
    const before = stack('web:1', 4, {}, { deploy })
    await up(engine, before)
    failingStarts(engine, [4])
    let least = 4
    watched(engine, (serving) => {
      least = Math.min(least, serving)
    })
    assert.not((await up(engine, stack('web:2', 4, {}, { deploy }))).ok)
    delete engine.hooks.before
    assert.is(4 - least, away)
    await assertUp(engine, before)
  })
}

test('rollback: the delay is kept between its batches', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const update_config = { parallelism: 0, failure_action: 'rollback' }
  const deploy = { update_config, rollback_config: { parallelism: 1, delay: '20s' } }
  await up(engine, stack('web:1', 4, {}, { deploy }))
  failingStarts(engine, [4])
  const began = engine.clock.now()
  assert.not((await up(engine, stack('web:2', 4, {}, { deploy }))).ok)
  assert.ok(engine.clock.now() - began >= 40_000)
})

test('a replica that ends before it is ready is reported once', async () => {
  const engine = memoryEngine({
    images: { ...IMAGES, 'web:early': { exits: { after: 100, code: 3 }, passesAfter: 300 } },
  })
  const update = { monitor: '5s', failure_action: 'rollback' }
  await up(engine, stack('web:1', 1, update, { restart: 'no' }))
  const { problems } = await up(engine, stack('web:early', 1, update, { restart: 'no' }))
  assert.is(problems.length, 1)
})

test('a replica that cannot even be created counts as failed', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const config = { parallelism: 1, failure_action: 'rollback', max_failure_ratio: 0.5 }
  const before = stack('web:1', 4, config)
  await up(engine, before)
  let creations = 0
  engine.hooks.before = ({ method }) => {
    if (method === 'createContainer' && ++creations <= 3) throw new Error('no space')
  }
  assert.not((await up(engine, stack('web:2', 4, config))).ok)
  delete engine.hooks.before
  await assertUp(engine, before)
})

function isOld(engine: MemoryEngine, id: unknown): boolean {
  return engine.world.containers.get(String(id))?.spec.Image === 'web:1'
}

test.run()
