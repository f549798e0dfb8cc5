import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import type { Service } from '../../../../src/stack/model.ts'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { carryOut } from '../carry-out.ts'

const tested = { healthcheck: { test: ['CMD', 'ready'], interval: '30s' } }
/** A server whose test can pass from then on. */
const readyAt = (passesAfter: number): ImageFixture => ({ passesAfter, exposedPorts: ['80/tcp'] })

interface Part {
  image?: ImageFixture
  service?: Service
}

/** A stack of services with an image each; times are virtual milliseconds. */
async function bring(parts: Record<string, Part>, intent = { ...UP, wait: true }, engine = engineFor(parts)) {
  const services = Object.entries(parts).map(([name, { service }]) => [name, { ...service, image: `${name}:1` }])
  const stack = stackOf({ services: Object.fromEntries(services) })
  const events: RunEvent[] = []
  const began = engine.clock.now()
  const outcome = await carryOut(engine, stack, intent, (event) => events.push(event))
  const failures = events.flatMap((event) => (event.type === 'step-fail' ? [event] : []))
  return { engine, stack, outcome, failures, events, took: engine.clock.now() - began }
}

function engineFor(parts: Record<string, Part>): MemoryEngine {
  const images = Object.entries(parts).map(([name, { image }]) => [`${name}:1`, image ?? {}])
  return memoryEngine({ images: Object.fromEntries(images) })
}

const idOf = async (engine: MemoryEngine, name: string) =>
  (await engine.behindTheBack.inspectContainer(`lab-${name}-1`))?.id ?? ''

test('--wait: a crash at start is a failure with its story, whenever in the first second it comes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(950), fc.integer({ min: 1, max: 255 }), async (after, code) => {
      const { outcome, failures } = await bring({ api: { image: { exits: { after, code } } }, other: {} })
      assert.not(outcome.ok)
      assert.equal(
        outcome.problems.map((problem) => problem.code),
        ['container-exited'],
      )
      assert.is(failures[0]?.dossier?.exit?.code, code)
      assert.is(failures[0]?.dossier?.subject, 'container/api/1')
    }),
    { numRuns: 30 },
  )
})

test('--wait: what crashes while something else is waited for is found at the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1_050, max: 4_900 }), async (after) => {
      const { outcome, failures } = await bring({
        api: { image: { exits: { after, code: 3 }, log: [{ after: 1, text: 'no such table' }] } },
        db: { image: readyAt(5_000), service: tested },
      })
      assert.not(outcome.ok)
      assert.is(failures[0]?.dossier?.exit?.code, 3)
      assert.equal(failures[0]?.dossier?.log, ['no such table'])
    }),
    { numRuns: 20 },
  )
})

test('--wait: a service that loses its health while something else is waited for', async () => {
  const early = { from: 0, until: 3_000, on: 'everywhere' as const, port: 80 }
  const quick = { healthcheck: { test: ['CMD', 'ready'], interval: '200ms', retries: 2 } }
  const { outcome } = await bring({
    web: { image: { servers: [early], exposedPorts: ['80/tcp'] }, service: quick },
    db: { image: readyAt(6_000), service: tested },
  })
  assert.equal(
    outcome.problems.map((problem) => problem.code),
    ['container-unhealthy'],
  )
})

test('--wait: a service that the engine restarts again and again is a failure, and so is one that it restarted since', async () => {
  const restart = { restart: 'always' }
  const loop = await bring({ api: { image: { exits: { after: 200, code: 3 } }, service: restart } })
  assert.is(loop.outcome.problems[0]?.code, 'container-exited')
  const done = await bring({ api: { image: { exits: { after: 200, code: 0 } }, service: restart } })
  assert.is(done.outcome.problems[0]?.code, 'container-exited')
  const later = await bring({
    api: { image: { exits: { after: 2_000, code: 3 } }, service: restart },
    db: { image: readyAt(3_000), service: tested },
  })
  assert.is(later.outcome.problems[0]?.code, 'container-exited')
})

test('--wait: work that ends with 0 is done, early or late', async () => {
  for (const after of [0, 500, 1_500, 4_000]) {
    const { outcome } = await bring({
      job: { image: { exits: { after, code: 0 } } },
      db: { image: readyAt(5_000), service: tested },
    })
    assert.ok(outcome.ok, `${after}`)
  }
})

test('--wait: services are watched side by side, and what has a health test is not held up', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`s${index}`, {}]))
  const [one, all] = [await bring({ s0: {} }), await bring(many)]
  assert.ok(one.outcome.ok && all.outcome.ok)
  assert.ok(one.took >= 1_000 && all.took <= one.took + 100, `${one.took}, ${all.took}`)
  const healthy = await bring({ db: { image: readyAt(0), service: tested } })
  assert.ok(healthy.outcome.ok && healthy.took < 500, `${healthy.took}`)
})

test('without --wait nothing is held up: a dependent starts as soon as what it needs has started', async () => {
  const needs = { depends_on: { api: { condition: 'service_started' as const, required: true } } }
  for (const wait of [false, true]) {
    const { events } = await bring({ api: {}, app: { service: needs } }, { ...UP, wait })
    const at = (step: string, type: string) =>
      events.find((event) => event.type === type && 'step' in event && event.step === step)?.at
    assert.is(at('start:container/app/1', 'step-start'), at('start:container/api/1', 'step-done'))
  }
  assert.is((await bring({ api: {} }, UP)).took, (await bring({ api: {}, other: {} }, UP)).took)
})

test('--wait: what was started a moment ago is watched, what has run for a while is not', async () => {
  const parts = { api: { image: { exits: { after: 700, code: 3 } } }, other: {} }
  const { engine } = await bring(parts, UP)
  assert.not((await bring(parts, { ...UP, wait: true }, engine)).outcome.ok)
  const steady = await bring({ api: {} }, UP)
  await steady.engine.clock.sleep(5_000)
  assert.is((await bring({ api: {} }, { ...UP, wait: true }, steady.engine)).took, 0)
})

test('--wait: a stop by others is no crash', async () => {
  const parts = { api: {}, db: { image: readyAt(5_000), service: tested } }
  const engine = engineFor(parts)
  const coming = bring(parts, { ...UP, wait: true }, engine)
  await engine.clock.sleep(2_000)
  await engine.behindTheBack.stopContainer(await idOf(engine, 'api'), {})
  assert.ok((await coming).outcome.ok)
})

test('up unpauses a container and waits for it as for one that it started', async () => {
  const parts = {
    db: { image: readyAt(0), service: tested },
    app: { service: { depends_on: { db: { condition: 'service_healthy' as const, required: true } } } },
  }
  for (const intent of [UP, { ...UP, wait: true }]) {
    const { engine } = await bring(parts, UP)
    for (const name of ['db', 'app']) await engine.behindTheBack.pauseContainer(await idOf(engine, name))
    const again = await bring(parts, intent, engine)
    assert.ok(again.outcome.ok, JSON.stringify(again.outcome))
    for (const name of ['db', 'app'])
      assert.is((await engine.behindTheBack.inspectContainer(`lab-${name}-1`))?.state, 'running', name)
  }
})

test('an unhealthy that a pause left behind is no verdict', async () => {
  const db = { image: readyAt(0), service: tested }
  const app = { service: { depends_on: { db: { condition: 'service_healthy' as const, required: true } } } }
  const { engine } = await bring({ db }, { ...UP, wait: true })
  const id = await idOf(engine, 'db')
  await engine.behindTheBack.pauseContainer(id)
  await engine.behindTheBack.unpauseContainer(id)
  assert.is((await engine.behindTheBack.inspectContainer(id))?.health?.status, 'unhealthy')
  engine.putImage('app:1', {})
  const { outcome } = await bring({ db, app }, UP, engine)
  assert.ok(outcome.ok, JSON.stringify(outcome.problems))
})

test('an unhealthy from before the wait is given a moment, and stands if nothing changes', async () => {
  const db = (passesAfter: number) => ({
    image: readyAt(passesAfter),
    service: { healthcheck: { test: ['CMD', 'ready'], interval: '20s', retries: 1 } },
  })
  const app = { service: { depends_on: { db: { condition: 'service_healthy' as const, required: true } } } }
  for (const [passesAfter, isWell] of [
    [25_000, true],
    [Number.POSITIVE_INFINITY, false],
  ] as const) {
    const { engine } = await bring({ db: db(passesAfter) }, UP)
    await engine.clock.sleep(21_000)
    engine.putImage('app:1', {})
    const { outcome, took } = await bring({ db: db(passesAfter), app }, UP, engine)
    assert.is(outcome.ok, isWell, JSON.stringify(outcome.problems))
    assert.ok(took < 11_000, `${took}`)
  }
})

test('a wait for a container that is paused goes on, and that is reported', async () => {
  const parts = { db: { image: readyAt(3_000), service: tested } }
  const engine = engineFor(parts)
  const coming = bring(parts, { ...UP, wait: true }, engine)
  await engine.clock.sleep(1_000)
  const id = await idOf(engine, 'db')
  await engine.behindTheBack.pauseContainer(id)
  await engine.clock.sleep(9_000)
  await engine.behindTheBack.unpauseContainer(id)
  const { outcome, events, took } = await coming
  assert.ok(outcome.ok && took >= 10_000, `${took}`)
  assert.ok(events.some((event) => event.type === 'step-progress' && event.text.startsWith('paused')))
})

test.run()
