import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE, OURS } from '../../../../src/backend/docker/labels.ts'
import { planStart } from '../../../../src/backend/engine/plan/command/start.ts'
import { type Intent, REMOVE } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { Diagnostic } from '../../../../src/diagnostics/diagnostic.ts'
import type { Condition, Service, Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, carryOut, killedAfter, planFor, up } from '../carry-out.ts'
import { upWorld } from '../world.ts'

/** Verbs in particular situations, on the in-memory engine. */
const START = { kind: 'start', services: [] as string[], wait: false } as const
const STOP: Intent = { kind: 'stop', services: [] }
const RESTART: Intent = { kind: 'restart', services: [], noDeps: false }
const KILL: Intent = { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: false }

async function upEngine(stack: Parameters<typeof up>[1]): Promise<MemoryEngine> {
  const engine = memoryEngine({ images: IMAGES })
  assert.ok((await up(engine, stack)).ok)
  engine.calls.length = 0
  return engine
}

const statesIn = ({ world }: MemoryEngine) =>
  [...world.containers.values()].map(({ name, state }) => `${name.replace('lab-', '')} ${state}`).sort()

const HOOKED = stackOf({
  services: {
    app: {
      pre_start: [{ command: ['before'] }],
      post_start: [{ command: ['first'] }, { command: ['second'] }],
      pre_stop: [{ command: ['last'] }],
    },
  },
})

test('hooks run where a container is stopped and started, and none where it is given no time', async () => {
  const plain = stackOf({ services: { app: {} } })
  const engine = await upEngine(plain)
  const ids = async (intent: Intent) => (await planFor(engine, HOOKED, intent)).steps.map(({ id }) => id.split(':')[0])
  assert.equal(await ids(STOP), ['pre-stop', 'stop'])
  assert.equal(await ids({ ...STOP, timeout: 0 }), ['stop'])
  assert.equal(await ids(RESTART), ['pre-stop', 'stop', 'pre-start', 'start', 'post-start', 'post-start'])
  assert.equal(await ids({ ...REMOVE, stop: true }), ['pre-stop', 'stop', 'remove'])
  assert.equal(await ids(KILL), ['kill'])
  await carryOut(engine, plain, STOP)
  assert.equal(await ids(START), ['pre-start', 'start', 'post-start', 'post-start'])
})

test('a start runs the hooks that an earlier command left due', () => {
  const world = { ...upWorld(HOOKED), hooksDue: { 'id-app-1': 1 } }
  const { steps } = unwrap(planStart(declared(HOOKED), world, START))
  assert.equal(
    steps.map(({ id }) => id),
    ['post-start:container/app/1:1'],
  )
})

test('grace periods: what is asked for, else what is declared, else the container decides', async () => {
  const stack = stackOf({ services: { app: { stop_grace_period: '1m30s' }, other: {} } })
  const engine = await upEngine(stack)
  const graces = async (intent: Intent) => {
    const { steps } = await planFor(engine, stack, intent)
    return steps.map(({ action }) => String((action as { grace?: number }).grace ?? 'its own')).sort()
  }
  assert.equal(await graces(STOP), ['90', 'its own'])
  assert.equal(await graces({ ...STOP, timeout: 3500 }), ['4', '4'])
})

test('a start after an interrupted up starts no replica twice, and the next up puts all right', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.nat(30), async (before, writes) => {
      const after = revised(before)
      const engine = await upEngine(before)
      await killedAfter(engine, writes, () => up(engine, after))
      const found = unfinished(engine)
      await carryOut(engine, after, START).catch(() => undefined)
      assert.equal(unfinished(engine), found)
      assert.ok((await up(engine, after)).ok)
      await assertUp(engine, after)
    }),
    { numRuns: 60 },
  )
})

function revised(stack: Stack): Stack {
  const services = Object.entries(stack.services).map(([name, service]) => [
    name,
    { ...service, environment: { REV: 'new' } },
  ])
  return { ...stack, services: Object.fromEntries(services) }
}

/** Replacements that run while the old container is still there, and of these those whose old container runs as well. */
function unfinished({ world }: MemoryEngine): { running: string[]; both: string[] } {
  const all = [...world.containers.values()]
  const old = (each: (typeof all)[number]) => world.containers.get(each.spec.Labels?.[OURS.replaces] ?? '')
  const running = all.filter((each) => each.state === 'running' && old(each))
  const names = (some: typeof all) => some.map((each) => each.name).sort()
  return { running: names(running), both: names(running.filter((each) => old(each)?.state === 'running')) }
}

test('labels that contradict each other still give an order', async () => {
  const needs = { condition: 'service_started', required: true } as const
  const first = stackOf({ services: { a: { depends_on: { b: needs } }, b: { labels: { rev: '1' } } } })
  const second = stackOf({ services: { a: {}, b: { labels: { rev: '2' }, depends_on: { a: needs } } } })
  const engine = await upEngine(first)
  await up(engine, second)
  const labels = [...engine.world.containers.values()].map(({ spec }) => spec.Labels?.[COMPOSE.dependsOn])
  assert.equal(labels.sort(), ['a:service_started:false', 'b:service_started:false'])
  const blind = { ...stackOf({ services: {} }), networks: {} }
  for (const intent of [RESTART, STOP, START]) assert.ok((await carryOut(engine, blind, intent)).ok, intent.kind)
  assert.equal(statesIn(engine), ['a-1 running', 'b-1 running'])
})

test('containers of run are left alone, but for a kill', async () => {
  const stack = stackOf({ services: { app: {} } })
  const engine = await upEngine(stack)
  const Labels = { [COMPOSE.project]: 'lab', [COMPOSE.service]: 'app', [COMPOSE.oneoff]: 'True', [COMPOSE.number]: '1' }
  const { id } = await engine.createContainer('lab-app-run-1', { Image: 'app:1', Labels, HostConfig: {} })
  await engine.startContainer(id)
  for (const intent of [STOP, START, RESTART, { ...REMOVE, stop: true }] as Intent[])
    assert.ok((await carryOut(engine, stack, intent)).ok)
  assert.equal(statesIn(engine), ['app-run-1 running'])
  await carryOut(engine, stack, KILL)
  assert.equal(statesIn(engine), ['app-run-1 exited'])
})

test('containers that ended or were paused after planning need no step', async () => {
  const stack = stackOf({ services: { app: {} } })
  const meanwhile: [Intent, (engine: MemoryEngine, id: string) => Promise<void>, string][] = [
    [KILL, (engine, id) => engine.killContainer(id, 'KILL'), 'exited'],
    [{ kind: 'pause', services: [] }, (engine, id) => engine.pauseContainer(id), 'paused'],
    [{ kind: 'unpause', services: [] }, (engine, id) => engine.unpauseContainer(id), 'running'],
  ]
  for (const [intent, act, state] of meanwhile) {
    const engine = await upEngine(stack)
    const [id = ''] = engine.world.containers.keys()
    if (intent.kind === 'unpause') await engine.pauseContainer(id)
    let done = false
    engine.hooks.before = ({ method }) => {
      if (done || !/^(kill|pause|unpause)/.test(method)) return
      done = true
      void act(engine.behindTheBack as MemoryEngine, id)
    }
    assert.ok((await carryOut(engine, stack, intent)).ok, intent.kind)
    assert.equal(statesIn(engine), [`app-1 ${state}`])
  }
})

test('containers that cannot be paused are reported', async () => {
  const stack = stackOf({ services: { app: {} } })
  const engine = await upEngine(stack)
  const [id = ''] = engine.world.containers.keys()
  engine.hooks.before = ({ method }) => {
    if (method === 'pauseContainer') void engine.behindTheBack.stopContainer(id, {})
  }
  assert.not((await carryOut(engine, stack, { kind: 'pause', services: [] })).ok)
})

/** How one service needs another that has no container, and whether it is started all the same. */
const NEEDS: Record<string, [service: Service, isStarted: boolean]> = {
  'depends_on: service_started': [needing('service_started'), true],
  'depends_on: service_healthy': [needing('service_healthy'), false],
  'depends_on: service_completed_successfully': [needing('service_completed_successfully'), false],
  'depends_on: service_healthy, not required': [needing('service_healthy', false), true],
  network_mode: [{ network_mode: 'service:db' }, false],
  'network_mode and depends_on': [{ ...needing('service_started'), network_mode: 'service:db' }, false],
  pid: [{ pid: 'service:db' }, false],
  volumes_from: [{ volumes_from: ['db'] }, false],
  links: [{ links: ['db'] }, false],
}

const codesIn = (all: readonly Diagnostic[]) => all.map(({ code }) => code)

function needing(condition: Condition, required = true): Service {
  return { depends_on: { db: { condition, required } } }
}

for (const [how, [app, isStarted]] of Object.entries(NEEDS))
  test(`${how}: without what it needs, a start ${isStarted ? 'goes on, and says so' : 'is refused'}`, async () => {
    const stack = stackOf({ services: { db: { image: 'db:1' }, app } })
    const engine = await upEngine(stackOf({ services: { app: {} } }))
    await carryOut(engine, stack, STOP)
    const planning = planFor(engine, stack, START)
    if (!isStarted)
      return planning.then(
        () => assert.unreachable(),
        ({ diagnostics }) => assert.equal(codesIn(diagnostics), ['no-container']),
      )
    const { steps, notes } = await planning
    assert.equal(
      steps.map(({ id }) => id),
      ['start:container/app/1'],
    )
    assert.equal(codesIn(notes), ['no-container'])
  })

test('a job that has done its work is done again only if it is named', async () => {
  const needs = { condition: 'service_completed_successfully', required: true } as const
  const stack = stackOf({ services: { job: { image: 'job:1' }, app: { depends_on: { job: needs } } } })
  const engine = await upEngine(stack)
  await carryOut(engine, stack, STOP)
  const starts = async (services: string[]) =>
    (await planFor(engine, stack, { ...START, services })).steps.map(({ id }) => id)
  assert.equal(await starts([]), ['start:container/app/1'])
  assert.equal(await starts(['job']), ['start:container/job/1'])
})

test.run()
