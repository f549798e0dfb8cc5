import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { type Intent, REMOVE, UP } from '../../../../src/backend/intent.ts'
import type { ContainerDetail } from '../../../../src/docker/port.ts'
import { dependenciesOf } from '../../../../src/stack/dependencies.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, engineFor, IMAGES, stackOf, stacks } from '../../support.ts'
import {
  assertConverges,
  assertUp,
  carryOut,
  countWrites,
  isWrite,
  killedAfter,
  leftOf,
  planFor,
  up,
} from '../carry-out.ts'

/** The verbs about containers that are there, on the in-memory engine. */
const law = (runs: number) => ({ numRuns: runs })
const STOP: Intent = { kind: 'stop', services: [] }
const START: Intent = { kind: 'start', services: [], wait: false }
const RESTART: Intent = { kind: 'restart', services: [], noDeps: false }
const KILL: Intent = { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: false }
const PAUSE: Intent = { kind: 'pause', services: [] }
const UNPAUSE: Intent = { kind: 'unpause', services: [] }

/** A stack that is up, and some of its services. */
const scenes = fc.tuple(stacks, fc.array(fc.nat(4), { maxLength: 3 })).map(([stack, picks]) => {
  const names = Object.keys(stack.services)
  return { stack, chosen: [...new Set(picks.map((pick) => names[pick % names.length] ?? ''))] }
})

async function upEngine(stack: Stack): Promise<MemoryEngine> {
  const engine = engineFor(stack)
  assert.ok((await up(engine, stack)).ok)
  await jobsAreDone(engine)
  engine.calls.length = 0
  return engine
}

/** Also those that nobody waited for. */
const jobsAreDone = ({ clock }: MemoryEngine) => clock.sleep(1000)

async function detailsOf({ behindTheBack: there }: MemoryEngine): Promise<ContainerDetail[]> {
  const listed = await there.listContainers({ labels: [`${COMPOSE.project}=lab`] })
  const details = await Promise.all(listed.map(({ id }) => there.inspectContainer(id)))
  return details.flatMap((each) => each ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
}

const nameOf = ({ labels }: Pick<ContainerDetail, 'labels'>) => labels[COMPOSE.service] ?? ''
const isOf = (services: string[]) => (each: ContainerDetail) => services.length === 0 || services.includes(nameOf(each))
const lives = ({ id, startedAt, finishedAt, state }: ContainerDetail) => ({ id, startedAt, finishedAt, state })

async function isDoneAgain(engine: MemoryEngine, stack: Stack, intent: Intent): Promise<void> {
  assert.equal((await planFor(engine, stack, intent)).steps, [], `a second ${intent.kind} has nothing to do`)
}

test('after a stop nothing of the selection runs, all else is untouched, and a second has nothing to do', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ stack, chosen }) => {
      const engine = await upEngine(stack)
      const before = await detailsOf(engine)
      const intent = { ...STOP, services: chosen }
      assert.ok((await carryOut(engine, stack, intent)).ok)
      const after = await detailsOf(engine)
      assert.not(after.filter(isOf(chosen)).some((each) => each.running))
      assert.equal(
        after.map((each) => each.id),
        before.map((each) => each.id),
      )
      const others = (all: ContainerDetail[]) => all.filter((each) => !isOf(chosen)(each)).map(lives)
      if (chosen.length > 0) assert.equal(others(after), others(before))
      assertStoppedFirst(engine, stack)
      await isDoneAgain(engine, stack, intent)
    }),
    law(60),
  )
})

/** No container was asked to stop before the last of those that need it. */
function assertStoppedFirst(engine: MemoryEngine, stack: Stack): void {
  const stops = engine.calls.filter((call) => call.method === 'stopContainer').map(({ args: [id] }) => String(id))
  const service = (id: string) => engine.world.containers.get(id)?.spec.Labels?.[COMPOSE.service] ?? ''
  for (const [at, id] of stops.entries()) {
    const needed = dependenciesOf(stack.services[service(id)] ?? {}).map((edge) => edge.service)
    const early = stops.slice(0, at).find((each) => needed.includes(service(each)))
    assert.is(early && service(early), undefined, `${service(id)} was stopped after what it needs`)
  }
}

test('a start after a stop brings the same containers back in order, and a second has nothing to do', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ stack, chosen }) => {
      const engine = await upEngine(stack)
      const before = (await detailsOf(engine)).map((each) => each.id)
      await carryOut(engine, stack, { ...STOP, services: chosen })
      assert.ok((await carryOut(engine, stack, START)).ok)
      const after = await detailsOf(engine)
      assert.equal(
        after.map((each) => each.id),
        before,
      )
      for (const each of after) assert.ok(each.running || (each.state === 'exited' && each.exitCode === 0), each.name)
      await isDoneAgain(engine, stack, START)
    }),
    law(60),
  )
})

/** Of everything that was started from then on: what it depends on was ready before. */
function assertReadyFirst(all: ContainerDetail[], stack: Stack, since: string): void {
  for (const container of all.filter(({ startedAt = '' }) => startedAt >= since)) {
    const started = Date.parse(container.startedAt ?? '')
    for (const { service, condition } of dependenciesOf(stack.services[nameOf(container)] ?? {})) {
      for (const needed of all.filter((each) => nameOf(each) === service)) {
        const ready = readyAt(needed, condition)
        assert.ok(ready <= started, `${container.name} was started before ${needed.name} was ready`)
      }
    }
  }
}

/** `db:1` passes its health test 200 ms after its start. */
function readyAt({ startedAt = '', finishedAt = '' }: ContainerDetail, condition: string): number {
  if (condition === 'service_completed_successfully') return Date.parse(finishedAt)
  return Date.parse(startedAt) + (condition === 'service_healthy' ? 200 : 0)
}

test('a start of the whole stack, and a restart, wait for what is depended on', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.boolean(), async (stack, restarts) => {
      const engine = await upEngine(stack)
      const ids = (await detailsOf(engine)).map((each) => each.id)
      if (!restarts) await carryOut(engine, stack, STOP)
      const since = new Date(Date.UTC(2026, 0, 1) + engine.clock.now()).toISOString()
      assert.ok((await carryOut(engine, stack, restarts ? RESTART : START)).ok)
      const after = await detailsOf(engine)
      assert.equal(
        after.map((each) => each.id),
        ids,
      )
      assertReadyFirst(after, stack, since)
      assertStoppedFirst(engine, stack)
      if (restarts) for (const each of after) assert.ok((each.startedAt ?? '') >= since, `${each.name} was restarted`)
      await assertUp(engine, stack)
      assert.equal((await planFor(engine, stack, UP)).steps, [])
    }),
    law(60),
  )
})

test('a restart of some includes exactly their dependents, and none with --no-deps', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.boolean(), async ({ stack, chosen }, noDeps) => {
      fc.pre(chosen.length > 0)
      const engine = await upEngine(stack)
      const { clock } = engine
      await clock.sleep(10)
      const since = new Date(Date.UTC(2026, 0, 1) + clock.now()).toISOString()
      assert.ok((await carryOut(engine, stack, { ...RESTART, services: chosen, noDeps })).ok)
      const after = await detailsOf(engine)
      const restarted = after.filter(({ startedAt = '' }) => startedAt >= since).map(nameOf)
      const expected = noDeps ? new Set(chosen) : withFollowers(stack, chosen)
      const there = after.map(nameOf).filter((name) => expected.has(name))
      assert.equal([...new Set(restarted)].sort(), [...new Set(there)].sort())
    }),
    law(60),
  )
})

function withFollowers({ services }: Stack, chosen: string[]): Set<string> {
  const all = new Set(chosen)
  for (let size = -1; size !== all.size; ) {
    size = all.size
    for (const [name, service] of Object.entries(services))
      if (dependenciesOf(service).some((edge) => edge.restart && all.has(edge.service))) all.add(name)
  }
  return all
}

test('pause and unpause change nothing but that, and a second has nothing to do', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ stack, chosen }) => {
      const engine = await upEngine(stack)
      const before = (await detailsOf(engine)).map(lives)
      const pause = { ...PAUSE, services: chosen }
      assert.ok((await carryOut(engine, stack, pause)).ok)
      for (const each of await detailsOf(engine))
        assert.is(each.state === 'paused', each.running && isOf(chosen)(each), each.name)
      await isDoneAgain(engine, stack, pause)
      assert.ok((await carryOut(engine, stack, UNPAUSE)).ok)
      assert.equal((await detailsOf(engine)).map(lives), before)
      await isDoneAgain(engine, stack, UNPAUSE)
    }),
    law(100),
  )
})

test('a start lets go on what is paused', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ stack, chosen }) => {
      const engine = await upEngine(stack)
      const before = (await detailsOf(engine)).map(lives)
      await carryOut(engine, stack, { ...PAUSE, services: chosen })
      assert.ok((await carryOut(engine, stack, START)).ok)
      assert.equal((await detailsOf(engine)).map(lives), before)
    }),
    law(50),
  )
})

test('a kill ends the selection and nothing else, whatever its restart policy', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ({ stack, chosen }) => {
      const engine = await upEngine(stack)
      const before = await detailsOf(engine)
      const kill = { ...KILL, services: chosen }
      assert.ok((await carryOut(engine, stack, kill)).ok)
      await engine.clock.sleep(60_000)
      const after = await detailsOf(engine)
      for (const [at, each] of after.entries())
        assert.is(each.running, Boolean(before[at]?.running) && !isOf(chosen)(each), each.name)
      await isDoneAgain(engine, stack, kill)
    }),
    law(80),
  )
})

test('rm removes what does not run and nothing else; with stop all of the selection', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, scenes, fc.boolean(), async ({ stack, chosen }, { chosen: some }, stop) => {
      const engine = await upEngine(stack)
      const stopped = some.filter((name) => name in stack.services)
      if (stopped.length > 0) await carryOut(engine, stack, { ...STOP, services: stopped })
      const before = await detailsOf(engine)
      const remove = { ...REMOVE, services: chosen, stop, volumes: true }
      assert.ok((await carryOut(engine, stack, remove)).ok)
      const kept = before.filter((each) => !isOf(chosen)(each) || (each.running && !stop))
      assert.equal((await detailsOf(engine)).map(lives), kept.map(lives))
      await isDoneAgain(engine, stack, remove)
      const mounted = new Set(kept.flatMap((each) => each.mounts.map(({ name }) => name)))
      assert.ok((await leftOf(engine, stack)).anonymous.every(({ name }) => mounted.has(name)))
      assert.is((await leftOf(engine, stack)).volumes.length, declaredVolumes(stack), 'named volumes stay')
    }),
    law(120),
  )
})

function declaredVolumes({ services }: Stack): number {
  return Object.values(services).some(({ volumes = [] }) => volumes.some(({ source }) => source === 'data')) ? 1 : 0
}

test('rm -v takes along anonymous volumes that were carried over, and rm leaves them', async () => {
  for (const volumes of [false, true]) {
    const stack = (rev: string) => stackOf({ services: { app: { environment: { REV: rev } } } })
    const engine = await upEngine(stack('1'))
    await up(engine, stack('2'))
    assert.ok((await carryOut(engine, stack('2'), { ...REMOVE, stop: true, volumes })).ok)
    assert.is((await leftOf(engine, stack('2'))).anonymous.length, volumes ? 0 : 1)
  }
})

test('scaled from n to m there are exactly replicas 1 to m; those that stay are untouched', async () => {
  const counts = fc.integer({ min: 0, max: 4 })
  await fc.assert(
    fc.asyncProperty(stacks, counts, counts, async (stack, n, m) => {
      const engine = memoryEngine({ images: IMAGES })
      const name = scalable(stack)
      fc.pre(name !== undefined)
      const scale = (count: number) => ({ ...UP, services: [name ?? ''], scale: { [name ?? '']: count } })
      assert.ok((await carryOut(engine, stack, scale(n))).ok)
      await jobsAreDone(engine)
      const before = await detailsOf(engine)
      assert.ok((await carryOut(engine, stack, scale(m))).ok)
      const after = await detailsOf(engine)
      const own = after.filter((each) => nameOf(each) === name)
      assert.equal(
        own.map((each) => Number(each.labels[COMPOSE.number])),
        Array.from({ length: m }, (_, at) => at + 1),
      )
      const kept = (all: ContainerDetail[]) =>
        all.filter((each) => nameOf(each) !== name || Number(each.labels[COMPOSE.number]) <= Math.min(n, m)).map(lives)
      assert.equal(kept(after), kept(before))
      await isDoneAgain(engine, stack, scale(m))
    }),
    law(100),
  )
})

/** A service that can have several containers: no host port, no guest, and no job. */
function scalable({ services }: Stack): string | undefined {
  const hosts = Object.values(services).map(({ network_mode }) => network_mode)
  return Object.keys(services).find((name) => {
    const { ports, network_mode, image } = services[name] ?? {}
    return !ports && !network_mode && image !== 'job:1' && !hosts.includes(`service:${name}`)
  })
}

test('more than one container with one name, or one host port, are refused, and so is an unknown service', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const port = { target: 80, published: '8000', protocol: 'tcp' }
  const stack = stackOf({ services: { named: { container_name: 'one' }, bound: { ports: [port] } } })
  for (const scale of [{ named: 2 }, { bound: 2 }, { bonud: 1 }]) {
    try {
      await planFor(engine, stack, { ...UP, scale })
      assert.unreachable(JSON.stringify(scale))
    } catch (thrown) {
      assert.is((thrown as Error).name, 'StackError')
    }
  }
  const fine = await planFor(engine, stack, { ...UP, scale: { named: 0, bound: 1 } })
  assert.equal(fine.steps.filter((step) => step.verb === 'create' && step.subject.startsWith('container/')).length, 1)
})

const INTENTS = fc.constantFrom<Intent>(STOP, START, RESTART, KILL, PAUSE, { ...REMOVE, stop: true })

test('killed after any write, the next up ends in what is declared', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, INTENTS, fc.nat(12), fc.boolean(), async (stack, intent, writes, stopped) => {
      const engine = await upEngine(stack)
      if (stopped) await carryOut(engine, stack, STOP)
      await killedAfter(engine, writes, () => carryOut(engine, stack, intent))
      await carryOut(engine, stack, UNPAUSE)
      await assertConverges(engine, stack)
    }),
    law(100),
  )
})

test('killed after any write, the same verb once more ends where it would have ended', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, INTENTS, fc.nat(12), async (stack, intent, writes) => {
      const [whole, killed] = [await upEngine(stack), await upEngine(stack)]
      await carryOut(whole, stack, intent)
      await killedAfter(killed, writes, () => carryOut(killed, stack, intent))
      assert.ok((await carryOut(killed, stack, intent)).ok)
      await Promise.all([jobsAreDone(whole), jobsAreDone(killed)])
      const states = async (engine: MemoryEngine) => (await detailsOf(engine)).map(({ id, state }) => ({ id, state }))
      assert.equal(await states(killed), await states(whole))
    }),
    law(60),
  )
})

test('without a stack file, the labels hold the services, their dependencies and the order', async () => {
  await fc.assert(
    fc.asyncProperty(stacks.map(peopled), async (stack) => {
      const blind = { ...stackOf({ services: {} }), networks: {} }
      const engine = await upEngine(stack)
      fc.pre((await detailsOf(engine)).length > 0)
      const ids = (await detailsOf(engine)).map((each) => each.id)
      assert.ok((await carryOut(engine, blind, STOP)).ok)
      assert.not((await detailsOf(engine)).some((each) => each.running))
      assertStoppedFirst(engine, explicit(stack))
      const since = new Date(Date.UTC(2026, 0, 1) + engine.clock.now()).toISOString()
      assert.ok((await carryOut(engine, blind, START)).ok)
      const after = await detailsOf(engine)
      assert.equal(
        after.map((each) => each.id),
        ids,
      )
      assertReadyFirst(after, explicit(stack), since)
      await isDoneAgain(engine, blind, START)
    }),
    law(100),
  )
})

/** Every service has containers: otherwise nothing shows that a job is awaited. */
function peopled(stack: Stack): Stack {
  const services = Object.entries(stack.services).map(([name, service]) => [
    name,
    service.scale === 0 ? { ...service, scale: 1 } : service,
  ])
  return { ...stack, services: Object.fromEntries(services) }
}

/** The label holds only `depends_on`. */
function explicit(stack: Stack): Stack {
  const services = Object.entries(stack.services).map(([name, { depends_on = {} }]) => [name, { depends_on }])
  return { ...stack, services: Object.fromEntries(services) }
}

test('planning writes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, INTENTS, async (stack, intent) => {
      const engine = await upEngine(stack)
      await planFor(engine, stack, intent)
      assert.equal(
        engine.calls.filter(({ method }) => isWrite(method)),
        [],
      )
      assert.is(countWrites(engine), 0)
      assert.ok(declared(stack).graph.keys.length > 0)
    }),
    law(30),
  )
})

test.run()
