import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { emitFor } from '../../support/memory/lifecycle.ts'
import { type GuardScene, guardScene } from './guard-scene.ts'

const test = suite<{ scene: GuardScene }>('containers that follow others, and reports about them')

/** Guests, and guests of guests: each service but the first lives in one before it, or in none. */
interface House {
  hosts: (number | undefined)[]
  victim: number
  end: 'docker rm -f' | 'crash'
}

const houses: fc.Arbitrary<House> = fc
  .record({
    hosts: fc.array(fc.option(fc.nat(5), { nil: undefined, freq: 6 }), { minLength: 3, maxLength: 6 }),
    victim: fc.nat(5),
    end: fc.constantFrom<House['end'][]>('docker rm -f', 'crash'),
  })
  .map(({ hosts, victim, end }) => ({
    hosts: hosts.map((host, index) => (index === 0 || host === undefined ? undefined : host % index)),
    victim: victim % hosts.length,
    end,
  }))

/** Guests come first by name. */
const serviceOf = (index: number) => `s${9 - index}`
const nameOf = (index: number) => `${serviceOf(index)}-1`

function stackFor({ hosts }: House) {
  const services = hosts.map((host, index) => [
    serviceOf(index),
    { image: 'app:1', ...(host !== undefined && { network_mode: `service:${serviceOf(host)}` }) },
  ])
  return { name: 'lab', services: Object.fromEntries(services) }
}

function livesIn({ hosts, victim }: House, index: number): boolean {
  const host = hosts[index]
  return host !== undefined && (host === victim || livesIn({ hosts, victim, end: 'crash' }, host))
}

async function endOf({ engine, at, crash }: GuardScene, name: string, end: House['end']): Promise<void> {
  if (end === 'crash') return crash(name)
  await engine.behindTheBack.removeContainer(at(name).id, { force: true, volumes: false })
}

async function inHouse(house: House): Promise<void> {
  const scene = guardScene(stackFor(house))
  const { must, guard, engine, elapse, at, running, crash } = scene
  try {
    await must('up', '-d')
    const guarding = await guard()
    await elapse(90_000)
    const all = house.hosts.map((_, index) => nameOf(index))
    const before = new Map(all.map((name) => [name, at(name).id]))
    const created: string[] = []
    engine.world.listeners.add(({ action, id }) => action === 'create' && created.push(id))
    await endOf(scene, nameOf(house.victim), house.end)
    await elapse(500)
    assert.equal(running(), [...all].sort(), 'all of it within one round')
    for (const [index, name] of all.entries()) {
      const host = house.hosts[index]
      if (host !== undefined) assert.is(at(name).spec.Labels?.[OURS.shares], at(nameOf(host)).id)
      const isMade = livesIn(house, index) || (index === house.victim && house.end === 'docker rm -f')
      // How the victim itself is started again where others live in it, or it in others, is another matter.
      if (index !== house.victim) assert.is(at(name).id !== before.get(name), isMade, name)
    }
    await elapse(5_000)
    assert.is(new Set(created).size, created.length)
    const others = all.filter((name, index) => index !== house.victim && at(name).id !== before.get(nameOf(index)))
    assert.ok(created.length <= others.length + 1, 'none of them twice')
    // Who only went along has used up none of its tries.
    const last = others.at(-1)
    if (last) crash(last)
    await elapse(500)
    assert.equal(running(), [...all].sort())
    await guarding.end()
  } finally {
    scene.remove()
  }
}

test('guests of guests come back with the host, in one round, and it is none of their tries', async (context) => {
  context.scene = guardScene(stackFor({ hosts: [undefined], victim: 0, end: 'crash' }))
  await inHouse({ hosts: [undefined, 0, 1], victim: 0, end: 'docker rm -f' })
  await fc.assert(fc.asyncProperty(houses, inHouse), {
    includeErrorInReport: true,
    numRuns: Number(process.env.RUNS ?? 20),
    ...(process.env.SEED && { seed: Number(process.env.SEED) }),
  })
})

/** The containers that are reported to have drifted, one for each line. */
function driftIn(reported: string): string[] {
  return [...reported.matchAll(/drift: (\S+):/g)].map(([, name = '']) => name)
}

const GUESTS = {
  host: { image: 'app:1' },
  guest: { image: 'app:1', network_mode: 'service:host' },
  inner: { image: 'app:1', network_mode: 'service:guest' },
  follower: { image: 'app:1', depends_on: { host: { condition: 'service_started', restart: true } } },
  other: { image: 'app:1' },
}

test('consequences of a pending problem are no drift, and skipped services are not as declared', async (context) => {
  context.scene = guardScene({ name: 'lab', services: GUESTS })
  const { must, guard, elapse, running } = context.scene
  await must('up', '-d')
  const guarding = await guard()
  for (let round = 0; round < 4; round++) {
    await endOf(context.scene, 'host-1', 'docker rm -f')
    await elapse(400)
    assert.is(running().includes('host-1'), round === 0, 'from the second time on it has to wait')
    await elapse(9_000)
    assert.equal(running(), ['follower-1', 'guest-1', 'host-1', 'inner-1', 'other-1'])
  }
  const reported = await guarding.end()
  assert.equal(driftIn(reported), [])
  assert.not.match(reported, 'as declared again')
})

test('drift is reported in one line for each container, once, through problems of others and of itself', async (context) => {
  const services = { ...GUESTS, other: { image: 'app:2' }, inner: { ...GUESTS.inner, image: 'app:2' } }
  context.scene = guardScene({ name: 'lab', services: GUESTS })
  const { must, guard, elapse, write, crash } = context.scene
  await must('up', '-d')
  write({ 'compose.yaml': JSON.stringify({ name: 'lab', services }) })
  const guarding = await guard()
  await elapse(1_000)
  assert.equal(driftIn(guarding.err()), ['inner-1', 'other-1'])
  for (let round = 0; round < 3; round++) {
    crash('other-1')
    await elapse(6_000)
  }
  assert.equal(driftIn(guarding.err()), ['inner-1', 'other-1'])
  assert.not.match(guarding.err(), 'as declared again')
  // It is recreated as it is declared now, along with its host.
  await endOf(context.scene, 'host-1', 'docker rm -f')
  await elapse(20_000)
  assert.equal(driftIn(guarding.err()), ['inner-1', 'other-1', 'other-1'])
  await must('up', '-d')
  await elapse(20_000)
  assert.match(await guarding.end(), 'as declared again')
})

const TESTED = {
  db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
  web: { image: 'app:1', depends_on: { db: { condition: 'service_healthy', restart: true } } },
  guest: { image: 'app:1', network_mode: 'service:db' },
  other: { image: 'app:1' },
}

/** As the engine finds it after its tests. */
function sicken({ engine, at }: GuardScene, name: string): void {
  const { health } = at(name)
  if (health) Object.assign(health, { status: 'unhealthy', failingStreak: 3 })
  emitFor(engine.world, at(name), 'health_status: unhealthy')
}

test('changes during a problem are reported after it', async (context) => {
  context.scene = guardScene({ name: 'lab', services: TESTED })
  const { must, guard, elapse, write } = context.scene
  await must('up', '-d')
  write({ 'compose.yaml': JSON.stringify({ name: 'lab', services: { ...TESTED, other: { image: 'app:2' } } }) })
  const guarding = await guard()
  await elapse(5_000)
  assert.equal(driftIn(guarding.err()), ['other-1'])
  for (let tries = 0; tries < 3; tries++) {
    sicken(context.scene, 'db-1')
    await elapse(tries < 2 ? 5_000 : 100)
  }
  // It is made as it is declared now, while the other one waits.
  await endOf(context.scene, 'other-1', 'docker rm -f')
  await elapse(1_000)
  assert.not.match(guarding.err(), 'as declared again')
  await elapse(20_000)
  assert.equal((await guarding.end()).match(/as declared again/g)?.length, 1)
})

/** Troubles of one container, and who else is touched when it is brought back: these are named, and nobody else. */
const TROUBLES: Record<string, [(scene: GuardScene) => unknown, string[]]> = {
  'it was removed': [(scene) => endOf(scene, 'db-1', 'docker rm -f'), ['guest-1']],
  'it crashed': [({ crash }) => crash('db-1'), ['guest-1']],
  'it is unhealthy': [(scene) => sicken(scene, 'db-1'), ['guest-1', 'web-1']],
  'one alone crashed': [({ crash }) => crash('other-1'), []],
}

for (const [what, [happens, expected]] of Object.entries(TROUBLES)) {
  test(`${what}: the other containers that it touches are named`, async (context) => {
    context.scene = guardScene({ name: 'lab', services: TESTED })
    const { must, guard, elapse, at } = context.scene
    await must('up', '-d')
    const guarding = await guard()
    await elapse(5_000)
    const all = ['db-1', 'web-1', 'guest-1', 'other-1']
    const before = all.map((name) => at(name).startedAt)
    const quiet = guarding.err().length
    await happens(context.scene)
    await elapse(20_000)
    const reported = guarding.err().slice(quiet)
    const touched = all.filter((name, index) => at(name).startedAt !== before[index])
    const named = all.filter((name) => new RegExp(`Z ${name}[: ]`).test(reported))
    assert.equal(named, touched)
    assert.equal(touched.filter((name) => expected.includes(name)).sort(), expected)
    assert.is(touched.length, expected.length + 1)
    await guarding.end()
  })
}

test.after.each((context) => context.scene.remove())
test.run()
