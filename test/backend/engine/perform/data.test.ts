import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import type { Mount, Service, Stack } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { assertUp, eventsOfUp, killedAfter, planFor, up } from '../carry-out.ts'

/** What a container of another image may have done to the data before it was given up. */
const IMAGES = {
  'db:1': { volumes: ['/anonymous'] },
  'db:2': {
    content: 'migrates',
    volumes: ['/anonymous'],
    exits: { after: 50, code: 3 },
    passesAfter: Number.POSITIVE_INFINITY,
  },
  'db:broken': { startFails: 'no such program' },
  'app:1': {},
}
const DATA: Mount = { type: 'volume', source: 'data', target: '/data' }

function stack(db: Service): Stack {
  const healthy = { test: ['CMD', 'true'], interval: '10s' }
  return stackOf({
    services: {
      db: { healthcheck: healthy, environment: { REV: '1' }, ...db },
      app: { depends_on: { db: { condition: 'service_healthy', required: true } }, environment: { REV: '1' } },
    },
    volumes: { data: { name: 'lab_data' } },
  })
}

function reported(events: RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'step-warning' && event.problem.code === 'data-changed' ? [event.problem.message] : [],
  )
}

const CASES: [string, Service, Service, string[]][] = [
  ['another image on a volume', { volumes: [DATA] }, { image: 'db:2' }, ['lab_data']],
  [
    'another image on a directory',
    { volumes: [{ type: 'bind', source: '/srv', target: '/srv' }] },
    { image: 'db:2' },
    ['/srv'],
  ],
  ['another image that only reads', { volumes: [{ ...DATA, read_only: true }] }, { image: 'db:2' }, []],
  ['another image without data', {}, { image: 'db:2' }, []],
  ['another image that never ran', { volumes: [DATA] }, { image: 'db:broken' }, []],
  ['another image on a volume that the old one had not', {}, { image: 'db:2', volumes: [DATA] }, []],
]

for (const [what, before, change, places] of CASES) {
  test(`${what}: what is reported when it is given up`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    const old = stack({ image: 'db:1', ...before })
    await up(engine, old)
    const messages = reported(
      await eventsOfUp(engine, stack({ ...before, environment: { REV: '2' }, ...change }), {
        renewAnonymousVolumes: true,
        wait: true,
      }),
    )
    assert.is(messages.length, places.length > 0 ? 1 : 0, messages.join())
    for (const place of places) assert.ok(messages[0]?.includes(place), messages[0])
    await assertUp(engine, old)
  })
}

test('carried anonymous volumes are data too', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'db:1' }))
  assert.is(
    reported(await eventsOfUp(engine, stack({ image: 'db:2', environment: { REV: '2' } }), { wait: true })).length,
    1,
  )
})

test('the same image has changed nothing that the old one would not have', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ image: 'db:1', volumes: [DATA] }))
  engine.hooks.after = ({ method, args }) => {
    const started = method === 'startContainer' ? engine.world.containers.get(String(args[0])) : undefined
    if (started?.name.endsWith('_next')) void engine.behindTheBack.killContainer(started.id, 'KILL')
  }
  const events = await eventsOfUp(engine, stack({ image: 'db:1', volumes: [DATA], environment: { REV: '2' } }), {
    wait: true,
  })
  assert.ok(events.some((event) => event.type === 'step-fail'))
  assert.equal(reported(events), [])
})

test('nor has one that was pulled again and is the same', async () => {
  const registry = { 'db:1': IMAGES['db:1'] }
  const engine = memoryEngine({ images: IMAGES, registry })
  const dying = { image: 'db:1', volumes: [DATA] }
  await up(engine, stack(dying))
  engine.hooks.after = ({ method, args }) => {
    const started = method === 'startContainer' ? engine.world.containers.get(String(args[0])) : undefined
    if (started?.name.endsWith('_next')) void engine.behindTheBack.killContainer(started.id, 'KILL')
  }
  const renewed = stack({ ...dying, environment: { REV: '2' } })
  const events = await eventsOfUp(engine, renewed, { wait: true, pull: 'always' })
  assert.ok(events.some((event) => event.type === 'step-done' && event.step === 'undo-data:container/db/1'))
  assert.equal(reported(events), [])
})

test('nothing is reported of an update that succeeds', async () => {
  const engine = memoryEngine({ images: { ...IMAGES, 'db:2': { content: 'migrates' } } })
  await up(engine, stack({ image: 'db:1', volumes: [DATA] }))
  const events = await eventsOfUp(engine, stack({ image: 'db:2', volumes: [DATA], environment: { REV: '2' } }))
  assert.ok(events.some((event) => event.type === 'end' && event.ok))
  assert.equal(reported(events), [])
})

test('a command that gives up the work of a killed one reports it', async () => {
  const images = { ...IMAGES, 'db:2': { content: 'migrates' } }
  const [before, after] = [
    stack({ image: 'db:1', volumes: [DATA] }),
    stack({ image: 'db:2', volumes: [DATA], environment: { REV: '2' } }),
  ]
  const noted = []
  for (let writes = 0; writes < 8; writes++) {
    const engine = memoryEngine({ images })
    await up(engine, before)
    await killedAfter(engine, writes, () => up(engine, after))
    const dbs = [...engine.world.containers.values()].filter((each) => each.name.startsWith('lab-db'))
    const ran = dbs.length === 2 && dbs.some((each) => each.name.endsWith('_next') && each.startedAt !== undefined)
    const { notes } = await planFor(engine, before, UP)
    assert.is(
      notes.some((note) => note.code === 'data-changed'),
      ran,
      `after ${writes} writes`,
    )
    noted.push(ran)
  }
  assert.ok(noted.includes(true) && noted.includes(false))
})

test.run()
