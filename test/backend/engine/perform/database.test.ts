import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import type { Mount, Service, Stack } from '../../../../src/stack/model.ts'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { down, eventsOfUp, isWrite, killedAfter, leftOf, planFor, up } from '../carry-out.ts'

const HOME = '/var/lib/postgresql/data'

function postgres(major: string, more: ImageFixture = {}): ImageFixture {
  return { env: [`PG_MAJOR=${major}`], volumes: [HOME], writes: { [`${HOME}/PG_VERSION`]: `${major}\n` }, ...more }
}

const IMAGES: Record<string, ImageFixture> = {
  'postgres:15': postgres('15'),
  'postgres:15.1': postgres('15', { content: 'newer' }),
  'postgres:15.2': postgres('15', { startFails: 'no such program' }),
  'postgres:17': postgres('17'),
  'postgres:unknown': postgres('17', { env: [] }),
  'postgres:packages': postgres('17', {
    env: [],
    files: { '/var/lib/dpkg/status': 'Package: postgresql-17\nStatus: install ok installed\nVersion: 17.2-1\n' },
  }),
  'postgres:18': {
    env: ['PG_MAJOR=18', 'PGDATA=/var/lib/postgresql/18/docker'],
    volumes: ['/var/lib/postgresql'],
    writes: { '/var/lib/postgresql/18/docker/PG_VERSION': '18\n' },
  },
  'app:1': {},
}

const NAMED: Mount = { type: 'volume', source: 'data', target: HOME }
const KINDS_OF_DATA: Record<string, Mount[]> = {
  'a volume': [NAMED],
  'a directory': [{ type: 'bind', source: '/srv/postgres', target: HOME }],
  'an anonymous volume': [],
}

function stack(db: Service, more: Partial<Stack> = {}): Stack {
  return stackOf({
    services: {
      db: { restart: 'always', volumes: [NAMED], ...db },
      app: { depends_on: { db: { condition: 'service_started', required: true } } },
    },
    volumes: { data: { name: 'lab_data' } },
    ...more,
  })
}

function failures(events: RunEvent[]) {
  return events.flatMap((event) => (event.type === 'step-fail' ? [event.problem] : []))
}

function refusals(events: RunEvent[]): string[] {
  return failures(events).map(({ code }) => code)
}

/** Everything of the containers and the data that a refusal must leave as it is. */
function standing(engine: MemoryEngine) {
  const { containers, data } = engine.world
  return {
    containers: [...containers.values()].map(({ id, name, state, startedAt, spec }) => {
      return { id, name, state, startedAt, policy: spec.HostConfig.RestartPolicy?.Name }
    }),
    data: [...data].map(([path, content]) => `${path}: ${Buffer.from(content)}`),
  }
}

for (const [where, volumes] of Object.entries(KINDS_OF_DATA)) {
  test(`law: an image that cannot read what is in ${where} is refused before anything is stopped`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    await up(engine, stack({ image: 'postgres:15', volumes }))
    const before = standing(engine)
    engine.calls.length = 0
    const events = await eventsOfUp(engine, stack({ image: 'postgres:17', volumes }))
    assert.equal(refusals(events), ['database-version'])
    assert.equal(standing(engine), before)
    const writes = engine.calls.map(({ method }) => method).filter(isWrite)
    assert.equal(writes, ['createContainer', 'removeContainer'])
    assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:15', volumes }))), [])
    assert.equal(standing(engine), before)
  })
}

test('the refusal says what is where, and what to do', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  const [problem] = failures(await eventsOfUp(engine, stack({ image: 'postgres:17' })))
  for (const part of ['db', 'volume "lab_data"', 'PostgreSQL 15', 'postgres:17', 'PostgreSQL 17'])
    assert.match(problem?.message ?? '', part)
  for (const part of ['keep an image of PostgreSQL 15', 'pg_dumpall', 'another volume'])
    assert.match(problem?.hint ?? '', part)
})

test('an image that turns out to be another one when it is pulled is refused too', async () => {
  const registry = { 'postgres:latest': postgres('17'), 'app:1': IMAGES['app:1'] ?? {} }
  const engine = memoryEngine({ images: { ...IMAGES, 'postgres:latest': postgres('15') }, registry })
  const latest = stack({ image: 'postgres:latest' })
  await up(engine, latest)
  const before = standing(engine)
  assert.equal(refusals(await eventsOfUp(engine, latest, { pull: 'always' })), ['database-version'])
  assert.equal(standing(engine), before)
})

test('one that can read them and does not start is undone as ever', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  const before = standing(engine)
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:15.2' }))), ['start-failed'])
  const after = standing(engine)
  const lasting = ({ startedAt: _, ...rest }: (typeof before.containers)[number]) => rest
  assert.equal(after.containers.map(lasting), before.containers.map(lasting))
  assert.equal(after.data, before.data)
})

test('an image that is pulled again and is the same one is not asked', async () => {
  const registry = { 'postgres:15': postgres('15'), 'app:1': IMAGES['app:1'] ?? {} }
  const engine = memoryEngine({ images: IMAGES, registry })
  await up(engine, stack({ image: 'postgres:15' }))
  const before = standing(engine)
  engine.calls.length = 0
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:15' }), { pull: 'always' })), [])
  assert.equal(standing(engine), before)
  assert.not(engine.calls.some(({ method }) => ['readFile', 'removeContainer'].includes(method)))
})

test('after a down, the first start is refused, again and again, until the image fits', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  const { data } = standing(engine)
  await down(engine, stack({ image: 'postgres:15' }))
  for (let round = 0; round < 3; round++) {
    assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:17' }))), ['database-version'])
    const dbs = standing(engine).containers.filter(({ name }) => name.startsWith('lab-db'))
    assert.equal(
      dbs.map(({ state, startedAt }) => [state, startedAt]),
      [['created', undefined]],
    )
    assert.equal(standing(engine).data, data)
  }
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:15' }))), [])
  assert.equal(standing(engine).data, data)
  const { containers } = await leftOf(engine, stack({}))
  assert.equal(containers.map(({ name, state }) => `${name} ${state}`).sort(), [
    'lab-app-1 running',
    'lab-db-1 running',
  ])
})

test('law: a command killed anywhere in it changes nothing of that', async () => {
  for (let writes = 0; writes < 10; writes++) {
    const engine = memoryEngine({ images: IMAGES })
    await up(engine, stack({ image: 'postgres:15' }))
    const before = standing(engine)
    await killedAfter(engine, writes, () => up(engine, stack({ image: 'postgres:17' })))
    assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:17' }))), ['database-version'])
    assert.equal(standing(engine), before, `after ${writes} writes`)
  }
})

const GOES_ON: [string, Service, Service][] = [
  ['another image of the same major version', { image: 'postgres:15' }, { image: 'postgres:15.1' }],
  ['an image without a version', { image: 'postgres:15' }, { image: 'postgres:unknown' }],
  [
    'data of which nobody knows',
    { image: 'app:1', volumes: [{ ...NAMED, target: '/elsewhere' }] },
    { image: 'postgres:17' },
  ],
  [
    'a data directory elsewhere',
    { image: 'postgres:15' },
    { image: 'postgres:17', environment: { PGDATA: '/tmp/pg' } },
  ],
  ['another volume', { image: 'postgres:15' }, { image: 'postgres:17', volumes: [{ ...NAMED, source: 'other' }] }],
  ['what only reads', { image: 'postgres:15' }, { image: 'postgres:17', volumes: [{ ...NAMED, read_only: true }] }],
  ['what is no server', { image: 'postgres:15' }, { image: 'postgres:17', command: ['bash', '-c', 'pg_upgrade'] }],
]

for (const [what, before, after] of GOES_ON) {
  test(`${what} is no reason to refuse`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    const volumes = { data: { name: 'lab_data' }, other: { name: 'lab_other' } }
    await up(engine, stack(before, { volumes }))
    assert.equal(refusals(await eventsOfUp(engine, stack(after, { volumes }))), [])
  })
}

test('an archive that the engine cannot make is no reason to refuse', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  engine.hooks.before = ({ method }) => {
    if (method === 'readFile') throw new EngineError('the volume cannot be mounted', 500)
  }
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:17' }))), [])
})

test('a version that only the list of packages holds counts', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:packages' }))), ['database-version'])
})

test('images from 18 on find data of others beside their own directory', async () => {
  const above: Mount = { ...NAMED, target: '/var/lib/postgresql' }
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'postgres:15' }))
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:18' }))), ['database-version'])
  assert.equal(refusals(await eventsOfUp(engine, stack({ image: 'postgres:18', volumes: [above] }))), [
    'database-version',
  ])
  const fresh = memoryEngine({ images: IMAGES })
  await up(fresh, stack({ image: 'postgres:18', volumes: [above] }))
  const moved = stack({ image: 'postgres:18', volumes: [above], environment: { REV: '2' } })
  assert.equal(refusals(await eventsOfUp(fresh, moved)), [])
})

test('it costs nothing where nothing can have changed, and else one small file', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const read = async (db: Service) => {
    engine.calls.length = 0
    await up(engine, stack(db))
    return engine.calls.filter(({ method }) => method === 'readFile').map(({ args }) => args[1])
  }
  assert.equal(await read({ image: 'postgres:15' }), [])
  assert.equal(await read({ image: 'postgres:15' }), [])
  assert.equal(await read({ image: 'postgres:15', environment: { REV: '2' } }), [])
  assert.equal(await read({ image: 'postgres:15.1' }), [`${HOME}/PG_VERSION`])
  const { steps } = await planFor(engine, stackOf({ services: { app: {} } }), UP)
  assert.not(steps.some(({ verb }) => verb === 'check'))
})

test.run()
