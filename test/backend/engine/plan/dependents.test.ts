import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, countWrites, killedAfter, planFor, up } from '../carry-out.ts'

/** `depends_on.X.restart` on the in-memory engine. */
const needs = (condition: 'service_started' | 'service_healthy', restart = true) => ({
  condition,
  required: true,
  restart,
})
const chain = (rev: string, restart = true) =>
  stackOf({
    services: {
      db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'] }, environment: { REV: rev } },
      api: { depends_on: { db: needs('service_healthy', restart) } },
      web: { depends_on: { api: needs('service_started') } },
      other: { depends_on: { db: needs('service_started', false) } },
    },
  })

function startsAndStops(engine: MemoryEngine): string[] {
  return engine.calls.flatMap(({ method, args: [id] }) => {
    if (method !== 'startContainer' && method !== 'stopContainer') return []
    const name = engine.world.containers.get(String(id))?.name ?? 'lab-db-1, the old one'
    return [`${method.replace('Container', '')} ${name.replace(/^lab-/, '')}`]
  })
}

test('dependents of a recreated service are stopped before it and started again after it, along the chain', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, chain('1'))
  engine.calls.length = 0
  assert.ok((await up(engine, chain('2'))).ok)
  assert.equal(startsAndStops(engine), [
    'stop web-1',
    'stop api-1',
    'stop db-1, the old one',
    'start db-1',
    'start api-1',
    'start web-1',
  ])
  assert.equal((await planFor(engine, chain('2'), UP)).steps, [])
})

test('the plan says why', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, chain('1'))
  const { steps } = await planFor(engine, chain('2'), UP)
  const causeOf = (id: string) => steps.find((step) => step.id === id)?.cause
  assert.is(causeOf('restart-stop:container/api/1'), 'db is recreated')
  assert.is(causeOf('restart-stop:container/web/1'), 'api is restarted')
})

test('without restart nothing but the changed service is touched', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, chain('1', false))
  engine.calls.length = 0
  await up(engine, chain('2', false))
  assert.equal(startsAndStops(engine), ['stop db-1, the old one', 'start db-1'])
})

test('a dependent that is recreated itself is not restarted as well', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const changed = chain('2')
  const api = { ...changed.services.api, environment: { REV: '2' } }
  await up(engine, chain('1'))
  const { steps } = await planFor(engine, { ...changed, services: { ...changed.services, api } }, UP)
  assert.not(steps.some(({ id }) => id.startsWith('restart-stop:container/api')))
  assert.ok(steps.some(({ id }) => id === 'start-next:container/api/1'))
})

test('if the new container fails, the old one comes back, and so does what was stopped for it', async () => {
  const engine = memoryEngine({ images: { ...IMAGES, 'broken:1': { startFails: 'no such program' } } })
  await up(engine, chain('1'))
  const broken = chain('1')
  const db = { ...broken.services.db, image: 'broken:1' }
  const outcome = await up(engine, { ...broken, services: { ...broken.services, db } })
  assert.not(outcome.ok)
  const states = [...engine.world.containers.values()].map(({ name, state }) => `${name} ${state}`)
  assert.equal(states.sort(), ['lab-api-1 running', 'lab-db-1 running', 'lab-other-1 running', 'lab-web-1 running'])
})

/** Every dependency passes its restarts on. */
function following(stack: Stack): Stack {
  const follow = ([name, service]: [string, Service]) => {
    const edges = Object.entries(service.depends_on ?? {}).map(([of, edge]) => [of, { ...edge, restart: true }])
    return [name, { ...service, ...(service.depends_on && { depends_on: Object.fromEntries(edges) }) }]
  }
  return { ...stack, services: Object.fromEntries(Object.entries(stack.services).map(follow as never)) }
}

test('killed after any write, the next up has started every dependent after what it depends on', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.nat(40), async (stack, n) => {
      const engine = memoryEngine({ images: IMAGES })
      const before = following(stack)
      const after = changedIn(before)
      await up(engine, before)
      await killedAfter(engine, n, () => up(engine, after))
      assert.ok((await up(engine, after)).ok, `killed after ${n} writes`)
      await assertUp(engine, after)
      await assertFollowed(engine, after)
      engine.calls.length = 0
      await up(engine, after)
      assert.is(countWrites(engine), 0)
    }),
    { numRuns: 60 },
  )
})

/** The first service is another revision; nothing else changes. */
function changedIn(stack: Stack): Stack {
  const [first = ''] = Object.keys(stack.services)
  const service = { ...stack.services[first], labels: { changed: 'yes' } }
  return { ...stack, services: { ...stack.services, [first]: service } }
}

async function assertFollowed({ behindTheBack: there }: MemoryEngine, stack: Stack): Promise<void> {
  const listed = await there.listContainers({ labels: [`${COMPOSE.project}=lab`] })
  const all = await Promise.all(listed.map(({ id }) => there.inspectContainer(id)))
  const running = all.flatMap((each) => (each?.running ? [each] : []))
  for (const each of running)
    for (const needed of Object.keys(stack.services[each.labels[COMPOSE.service] ?? '']?.depends_on ?? {}))
      for (const other of running.filter(({ labels }) => labels[COMPOSE.service] === needed))
        assert.ok(
          Date.parse(other.startedAt ?? '') <= Date.parse(each.startedAt ?? ''),
          `${each.name} is older than ${other.name}`,
        )
}

test.run()
