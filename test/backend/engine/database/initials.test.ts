import { scryptSync } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE, OURS } from '../../../../src/backend/docker/labels.ts'
import {
  changedInitials,
  digestOf,
  isRecorded,
  recordInitials,
} from '../../../../src/backend/engine/database/initial.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { down, planFor, up } from '../carry-out.ts'

const IMAGES = { 'postgres:17': { env: ['PG_MAJOR=17'] }, 'mysql:9': {}, 'app:1': {} }
const ENVIRONMENT = { POSTGRES_PASSWORD: 'first-password', POSTGRES_USER: 'lab', POSTGRES_DB: 'maps' }

function stack(environment: Record<string, string>, db: Service = {}, more: Partial<Stack> = {}): Stack {
  const volumes = [{ type: 'volume' as const, source: 'data', target: '/var/lib/postgresql/data' }]
  return stackOf({
    services: { db: { image: 'postgres:17', volumes, ...db, environment } },
    volumes: { data: { name: 'lab_data' } },
    ...more,
  })
}

/** What is reported of the database, as `flotilla plan` would. */
async function reported(engine: MemoryEngine, wanted: Stack): Promise<string[]> {
  const { notes } = await planFor(engine, wanted, UP)
  assert.equal(
    notes.filter(({ code }) => code !== 'database-initialised'),
    [],
  )
  return notes.map(({ message }) => message)
}

test('law: a record names the differing variables, whatever their values, and holds no value', () => {
  const values = fc.dictionary(
    fc.constantFrom('DB_USER', 'DB_PASSWORD', 'DB_PASSWORD_FILE'),
    fc.string({ minLength: 6, maxLength: 12 }),
    {
      maxKeys: 3,
    },
  )
  fc.assert(
    fc.property(values, values, (before, after) => {
      const digests = (all: Record<string, string>) =>
        Object.fromEntries(Object.entries(all).map(([name, value]) => [name, digestOf(value)]))
      const label = recordInitials(digests(before))
      const wanted = Object.keys(after).filter((name) => name in before && before[name] !== after[name])
      assert.equal(changedInitials(label, digests(after)), wanted.sort())
      for (const value of Object.values(before)) {
        assert.not(label.includes(value))
        assert.not(label.includes(digestOf(value)))
      }
    }),
    { numRuns: 8 },
  )
})

test('hashes that a guess could be checked against are slow', () => {
  const { salt, h } = JSON.parse(
    recordInitials({ POSTGRES_PASSWORD: digestOf('a'), MYSQL_PASSWORD_FILE: digestOf('a') }),
  )
  for (const name of ['POSTGRES_PASSWORD', 'MYSQL_PASSWORD_FILE'])
    assert.is(h[name], scryptSync(`${name}\0${digestOf('a')}`, salt, 12).toString('base64url'))
})

test('the same password gives another record each time', () => {
  const initials = { POSTGRES_PASSWORD: digestOf('same') }
  const hashes = [1, 2].map(() => JSON.parse(recordInitials(initials)).h.POSTGRES_PASSWORD)
  assert.is(new Set(hashes).size, 2)
})

test('a record of a newer form, or none, is not guessed at', () => {
  for (const label of [undefined, '', '{', 'null', '{"v":2,"salt":"x","h":{"A":"y"}}', '{"v":1,"salt":"x","h":null}']) {
    assert.is(isRecorded(label), false, label)
    assert.equal(changedInitials(label, { A: digestOf('a') }), [])
  }
})

const CHANGES: [string, Record<string, string>, string[]][] = [
  ['nothing', ENVIRONMENT, []],
  ['the password', { ...ENVIRONMENT, POSTGRES_PASSWORD: 'second-password' }, ['POSTGRES_PASSWORD']],
  ['user and database', { ...ENVIRONMENT, POSTGRES_USER: 'b', POSTGRES_DB: 'c' }, ['POSTGRES_DB', 'POSTGRES_USER']],
  ['something else', { ...ENVIRONMENT, PGTZ: 'UTC' }, []],
]

for (const [what, environment, names] of CHANGES) {
  test(`${what} changed: reported before, after, and after a down, as long as it holds`, async () => {
    const engine = memoryEngine({ images: IMAGES })
    const changed = stack(environment)
    await up(engine, stack(ENVIRONMENT))
    const reports = async () => {
      const messages = await reported(engine, changed)
      assert.is(messages.length, names.length, messages.join())
      for (const [i, name] of names.entries()) assert.match(messages[i] ?? '', `${name} changed`)
      for (const value of Object.values({ ...ENVIRONMENT, ...environment }).filter(({ length }) => length > 5))
        assert.not(messages.join().includes(value))
    }
    await reports()
    await up(engine, changed)
    await reports()
    await down(engine, changed)
    await reports()
    await up(engine, changed)
    await reports()
    await up(engine, stack(ENVIRONMENT))
    assert.equal(await reported(engine, stack(ENVIRONMENT)), [])
  })
}

test('a first password where there was none is no change', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack({ POSTGRES_USER: 'lab' }))
  assert.equal(await reported(engine, stack(ENVIRONMENT)), [])
})

test('a password in a file counts by its content', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const environment = { POSTGRES_PASSWORD_FILE: '/run/secrets/password' }
  const db = { secrets: [{ source: 'password' }] }
  const holding = (content: string) =>
    stack(environment, db, {
      secrets: { password: { name: 'password', environment: 'PASSWORD' } },
      digests: { 'secret/password': digestOf(content) },
    })
  await engine.createVolume({
    Name: 'lab_data',
    Labels: {
      [COMPOSE.project]: 'lab',
      [OURS.initials]: recordInitials({ POSTGRES_PASSWORD_FILE: digestOf('a') }),
    },
  })
  assert.equal(await reported(engine, holding('a')), [])
  assert.match((await reported(engine, holding('b')))[0] ?? '', 'POSTGRES_PASSWORD_FILE changed')
})

test('an unchanged container is not asked again what it remembers', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack(ENVIRONMENT))
  const volume = engine.world.volumes.get('lab_data')
  if (volume) volume.labels[OURS.initials] = recordInitials({ POSTGRES_PASSWORD: digestOf('tampered with') })
  assert.equal(await reported(engine, stack(ENVIRONMENT)), [])
  assert.is((await reported(engine, stack({ ...ENVIRONMENT, PGTZ: 'UTC' }))).length, 1)
})

test('for a volume that others made, the container shows what changed; other volumes get no record', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await engine.createVolume({ Name: 'lab_data', Labels: { [COMPOSE.project]: 'lab', [COMPOSE.volume]: 'data' } })
  await up(engine, stack(ENVIRONMENT))
  assert.equal(await reported(engine, stack(ENVIRONMENT)), [])
  const [changed = ''] = await reported(engine, stack({ ...ENVIRONMENT, POSTGRES_PASSWORD: 'other-password' }))
  assert.match(changed, 'POSTGRES_PASSWORD')
  const plain = stackOf({
    name: 'plain',
    services: { web: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] } },
    volumes: { data: { name: 'plain_data' } },
  })
  await up(engine, plain)
  assert.not(OURS.initials in (engine.world.volumes.get('plain_data')?.labels ?? {}))
})

test('the record has no hash of the declaration in it that docker compose would compare', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack(ENVIRONMENT))
  assert.equal(Object.keys(engine.world.volumes.get('lab_data')?.labels ?? {}).sort(), [
    COMPOSE.project,
    COMPOSE.version,
    COMPOSE.volume,
    OURS.initials,
  ])
})

const SCRIPTS: Service = {
  configs: [{ source: 'seed', target: '/docker-entrypoint-initdb.d/seed.sql' }],
}

function seeded(content: string): Stack {
  return stack(ENVIRONMENT, SCRIPTS, {
    configs: { seed: { name: 'seed', content } },
    digests: { 'config/seed': digestOf(content) },
  })
}

test('scripts that were changed or added later are reported: they do not run again', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await up(engine, stack(ENVIRONMENT))
  assert.match((await reported(engine, seeded('select 1')))[0] ?? '', '/docker-entrypoint-initdb.d only run while')
  const other = memoryEngine({ images: IMAGES })
  await up(other, seeded('select 1'))
  assert.equal(await reported(other, seeded('select 1')), [])
  assert.is((await reported(other, seeded('select 2'))).length, 1)
})

test('on a volume of which nothing is recorded they are reported when their container is new', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await engine.createVolume({ Name: 'lab_data', Labels: { [COMPOSE.project]: 'lab', [COMPOSE.volume]: 'data' } })
  const mounted = (target: string) =>
    stack(ENVIRONMENT, {
      volumes: [
        { type: 'volume', source: 'data', target: '/var/lib/postgresql/data' },
        { type: 'bind', source: '/lab/seeds', target },
      ],
    })
  const scripts = mounted('/docker-entrypoint-initdb.d')
  assert.is((await reported(engine, scripts)).length, 1)
  await up(engine, scripts)
  assert.equal(await reported(engine, scripts), [])
  await up(engine, mounted('/elsewhere'))
  assert.is((await reported(engine, scripts)).length, 1)
})

test.run()
