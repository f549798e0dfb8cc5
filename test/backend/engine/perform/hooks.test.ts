import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { DOWN, type Intent, UP } from '../../../../src/backend/intent.ts'
import type { Journal } from '../../../../src/backend/journal.ts'
import { NO_JOURNAL } from '../../../../src/backend/journal.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import type { ExecSpec } from '../../../../src/docker/port.ts'
import type { ContainerSpec } from '../../../../src/docker/spec.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import { execute, type Outcome } from '../../../../src/execute/execute.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, isWrite } from '../carry-out.ts'

/** Commands around starts and stops, on the in-memory engine; what they print and how they end is their last two words. */
const hook = (name: string, code = 0) => ({ command: ['hook', name, String(code)] })
const isHook = ({ cmd }: ExecSpec) => cmd[0] === 'hook'
const answer = ({ cmd }: ExecSpec) =>
  isHook({ cmd }) ? { exitCode: Number(cmd[2]), output: `says ${cmd[1]}\n` } : { exitCode: 0, output: '' }
const HOOKED: Record<string, ImageFixture> = Object.fromEntries(
  Object.entries(IMAGES).map(([name, image]) => [name, { ...image, exec: answer }]),
)
const images = {
  ...HOOKED,
  'once:1': { cmd: ['work'], exits: { after: 50, code: 0 } },
  'breaks:1': { exits: { after: 5, code: 3 }, log: [{ after: 1, text: 'no schema' }] },
}

/** Like the file that a command leaves behind. */
function memoryJournal(): Journal {
  const due = new Map<string, number>()
  const hooks = {
    due: (container: string, next: number) => void due.set(container, next),
    done: (container: string) => void due.delete(container),
    pending: () => Object.fromEntries(due),
  }
  return { ...NO_JOURNAL, hooks }
}

interface Run {
  outcome: Outcome
  events: RunEvent[]
}

async function command(engine: MemoryEngine, stack: Stack, intent: Intent, journal = memoryJournal()): Promise<Run> {
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined, journal })
  const events: RunEvent[] = []
  const signal = new AbortController().signal
  const observed = await backend.observe(stack, signal, intent)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
  const outcome = await execute(plan, backend.perform, {
    signal,
    clock: engine.clock,
    emit: (event) => events.push(event),
  })
  return { outcome, events }
}

const up = (engine: MemoryEngine, stack: Stack, journal?: Journal) =>
  command(engine, stack, { ...UP, removeOrphans: true }, journal)

/** What was done to containers, in order: `start web`, `hook a`, `stop web`. A hook's name says whose it is. */
function story(engine: MemoryEngine): string[] {
  return engine.calls.flatMap(({ method, args: [id, spec] }) => {
    if (method === 'exec' && isHook(spec as ExecSpec)) return [`hook ${(spec as ExecSpec).cmd[1]}`]
    if (method !== 'startContainer' && method !== 'stopContainer') return []
    const name = engine.world.containers.get(String(id))?.name ?? 'gone'
    return [`${method.replace('Container', '')} ${name.replace(/^lab-/, '')}`]
  })
}

test('post_start hooks run in their order once the container has started, and before its dependents start', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({
    services: {
      db: { post_start: [hook('one'), hook('two')] },
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    },
  })
  assert.ok((await up(engine, stack)).outcome.ok)
  assert.equal(story(engine), ['start db-1', 'hook one', 'hook two', 'start web-1'])
})

test('a hook is run as it is declared', async () => {
  const engine = memoryEngine({ images })
  const declaredAs = { user: 'me', working_dir: '/x', privileged: true, environment: { B: '2', A: '1', C: null } }
  await up(engine, stackOf({ services: { db: { post_start: [{ ...hook('one'), ...declaredAs }] } } }))
  const exec = engine.calls.find(({ method }) => method === 'exec')?.args[1]
  assert.equal(exec, { cmd: ['hook', 'one', '0'], env: ['A=1', 'B=2'], user: 'me', workingDir: '/x', privileged: true })
})

test('a post_start hook that fails fails its service, with its command, exit code and output; the next up runs it again', async () => {
  const engine = memoryEngine({ images })
  const journal = memoryJournal()
  const failing = stackOf({
    services: {
      db: { post_start: [hook('one'), hook('two', 7), hook('three')] },
      web: { depends_on: { db: { condition: 'service_started', required: true } } },
    },
  })
  const { outcome, events } = await up(engine, failing, journal)
  const failure = events.find((event) => event.type === 'step-fail')
  assert.not(outcome.ok)
  assert.match(withoutMarks(outcome.problems[0]?.message ?? ''), /`hook two 7` ended with exit code 7/)
  assert.equal(failure?.type === 'step-fail' && failure.dossier?.log, ['says two'])
  assert.equal(story(engine), ['start db-1', 'hook one', 'hook two'])

  engine.calls.length = 0
  const mended = {
    ...failing,
    services: {
      ...failing.services,
      db: { ...failing.services.db, post_start: [hook('one'), hook('two'), hook('three')] },
    },
  }
  assert.ok((await up(engine, mended, journal)).outcome.ok)
  assert.equal(story(engine), ['hook two', 'hook three', 'start web-1'])

  engine.calls.length = 0
  assert.equal((await up(engine, mended, journal)).events[0]?.type === 'plan' && story(engine), [])
})

test('pre_stop hooks run before a container is stopped, by down and by a replacement; their failure stops nothing and is reported', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye', 1), hook('last')], environment: { REV: '1' } } } })
  const changed = stackOf({ services: { db: { ...stack.services.db, environment: { REV: '2' } } } })
  await up(engine, stack)
  engine.calls.length = 0
  assert.ok((await up(engine, changed)).outcome.ok)
  assert.equal(story(engine), ['hook bye', 'hook last', 'stop gone', 'start db-1'])
  engine.calls.length = 0
  const { outcome, events } = await command(engine, changed, DOWN)
  assert.ok(outcome.ok)
  assert.equal(story(engine), ['hook bye', 'hook last', 'stop gone'])
  const told = events.flatMap((event) => (event.type === 'step-fail' ? [event.problem] : []))
  assert.equal(
    told.map(({ code, severity }) => [code, severity]),
    [['hook-failed', 'warning']],
  )
})

test('a stop, such as that of Ctrl-C, runs pre_stop hooks too', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye')] } } })
  await up(engine, stack)
  engine.calls.length = 0
  await command(engine, stack, { kind: 'stop', services: [] })
  assert.equal(story(engine), ['hook bye', 'stop db-1'])
})

test('a stop without a grace period gives hooks no time', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_stop: [hook('bye')] } } })
  await up(engine, stack)
  await command(engine, stack, { ...DOWN, timeout: 0 })
  assert.not(story(engine).includes('hook bye'))
})

test('changed hooks around a running container recreate nothing', async () => {
  const engine = memoryEngine({ images })
  await up(engine, stackOf({ services: { db: { post_start: [hook('one')], pre_stop: [] } } }))
  engine.calls.length = 0
  await up(engine, stackOf({ services: { db: { post_start: [hook('other')], pre_stop: [hook('x')] } } }))
  assert.equal(story(engine), [])
})

test('pre_start hooks run to their end, once for a service, before any of its containers starts, and leave nothing', async () => {
  const engine = memoryEngine({ images })
  const pre_start = [
    { ...hook('one'), image: 'once:1' },
    { ...hook('two'), image: 'once:1' },
  ]
  assert.ok((await up(engine, stackOf({ services: { db: { scale: 2, pre_start } } }))).outcome.ok)
  const started = engine.calls.filter(({ method }) => method === 'startContainer' || method === 'createContainer')
  const created = started.flatMap(({ method, args: [name] }) => (method === 'createContainer' ? [name] : []))
  assert.equal(created.slice(2), ['lab-db-pre_start-0', 'lab-db-pre_start-1'])
  const ran = [...engine.world.containers.values()].map(({ name, state }) => [name, state])
  assert.equal(ran.sort(), [
    ['lab-db-1', 'running'],
    ['lab-db-2', 'running'],
  ])
  assert.ok(
    story(engine)
      .slice(-2)
      .every((each) => /start db-[12]/.test(each)),
  )
})

test("a pre_start hook's container is the service's but for what others would notice", async () => {
  const engine = memoryEngine({ images })
  const own = { image: 'once:1', user: 'me', working_dir: '/x', privileged: true, environment: { B: '2' } }
  const db = {
    environment: { A: '1', B: '1' },
    ports: [{ target: 80, published: '8000', protocol: 'tcp' }],
    networks: { default: { aliases: ['data'], ipv4_address: '10.0.0.9' } },
    restart: 'always',
    mem_limit: '1000000',
    pre_start: [{ ...hook('one'), ...own }],
  }
  await up(engine, stackOf({ services: { db } }))
  const call = engine.calls.find(
    ({ method, args }) => method === 'createContainer' && /pre_start/.test(String(args[0])),
  )
  const spec = call?.args[1] as ContainerSpec
  assert.equal([spec.Image, spec.Cmd, spec.User, spec.WorkingDir], ['once:1', ['hook', 'one', '0'], 'me', '/x'])
  assert.equal(spec.Env, ['A=1', 'B=2'])
  const { Memory, Privileged, PortBindings, RestartPolicy, VolumesFrom } = spec.HostConfig
  assert.equal([Memory, Privileged, PortBindings, RestartPolicy], [1_000_000, true, undefined, undefined])
  assert.is(VolumesFrom?.length, 1)
  assert.equal(Object.values(spec.NetworkingConfig?.EndpointsConfig ?? {}), [{}])
  assert.is(spec.Labels?.[COMPOSE.oneoff], 'True')
})

/** How often `pre_start` hooks ran since, by their names. */
function ranBefore(engine: MemoryEngine): string[] {
  const names = engine.calls.flatMap(({ method, args }) => (method === 'createContainer' ? [String(args[0])] : []))
  return names.filter((name) => name.includes('pre_start'))
}

const preparing = (rev: string, more: object = {}) =>
  stackOf({ services: { db: { scale: 2, pre_start: [{ ...hook(rev), image: 'once:1' }], ...more } } })

const REPEATS: [what: string, stack: Stack, intent: Partial<typeof UP>, runs: number][] = [
  ['an up with nothing to do', preparing('one'), {}, 0],
  ['scaled up beside containers that run', preparing('one', { scale: 4 }), {}, 0],
  ['another hook', preparing('two'), {}, 1],
  ['another environment of the service', preparing('one', { environment: { A: '1' } }), {}, 1],
  ['recreated on request', preparing('one'), { forceRecreate: true }, 1],
  ['changed and scaled up', preparing('two', { scale: 3 }), {}, 1],
  ['one at a time', preparing('two', { deploy: { update_config: { parallelism: 1 } } }), {}, 1],
]
for (const [what, stack, intent, runs] of REPEATS)
  test(`a pre_start hook, ${what}: runs ${runs} times`, async () => {
    const engine = memoryEngine({ images })
    await up(engine, preparing('one'))
    engine.calls.length = 0
    assert.ok((await command(engine, stack, { ...UP, ...intent })).outcome.ok)
    assert.is(ranBefore(engine).length, runs)
  })

test('a pre_start hook runs again where all containers stopped, and not where one goes on', async () => {
  const engine = memoryEngine({ images })
  await up(engine, preparing('one'))
  const stopOne = async (name: string) => {
    const found = [...engine.world.containers.values()].find((each) => each.name === name)
    await engine.stopContainer(found?.id ?? '', { grace: 0 })
    engine.calls.length = 0
  }
  await stopOne('lab-db-2')
  assert.ok((await up(engine, preparing('one'))).outcome.ok)
  assert.equal(ranBefore(engine), [])
  await stopOne('lab-db-1')
  await stopOne('lab-db-2')
  assert.ok((await command(engine, preparing('one'), { kind: 'start', services: [], wait: false })).outcome.ok)
  assert.equal(ranBefore(engine), ['lab-db-pre_start-0'])
})

for (const [content, runs] of [
  ['same', 0],
  ['newer', 1],
] as const)
  test(`a pre_start hook where the image turns out to be ${content}: ${runs} runs for all containers`, async () => {
    const app = { ...HOOKED['app:1'] }
    let built = 0
    const build = () => ({ ...app, content: built++ === 0 ? 'same' : content })
    const engine = memoryEngine({ images, build })
    const stack = preparing('one', { build: { context: '/lab' } })
    await command(engine, stack, { ...UP, build: true })
    engine.calls.length = 0
    const scaled = preparing('one', { build: { context: '/lab' }, scale: 3 })
    assert.ok((await command(engine, scaled, { ...UP, build: true })).outcome.ok)
    assert.is(ranBefore(engine).length, runs)
    assert.is([...engine.world.containers.values()].filter(({ state }) => state === 'running').length, 3)
  })

test('per_replica runs a pre_start hook for each container', async () => {
  const engine = memoryEngine({ images })
  const pre_start = [{ ...hook('one'), image: 'once:1', per_replica: true }]
  assert.ok((await up(engine, stackOf({ services: { db: { scale: 2, pre_start } } }))).outcome.ok)
  const names = engine.calls.flatMap(({ method, args }) => (method === 'createContainer' ? [args[0]] : []))
  assert.equal(names.sort().slice(2), ['lab-db-pre_start-1-0', 'lab-db-pre_start-2-0'])
})

test('a pre_start hook that fails keeps its service from starting, and tells what it printed', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { db: { pre_start: [{ ...hook('one'), image: 'breaks:1' }] } } })
  const { outcome, events } = await up(engine, stack)
  const failure = events.find((event) => event.type === 'step-fail')
  assert.match(
    withoutMarks(outcome.problems[0]?.message ?? ''),
    /hook pre_start\[0\] `hook one 0` ended with exit code 3/,
  )
  assert.equal(failure?.type === 'step-fail' && failure.dossier?.log, ['no schema'])
  const left = [...engine.world.containers.values()].map(({ name, state }) => [name, state])
  assert.equal(left, [['lab-db-1', 'created']])
})

/** The same stack, its services with hooks; jobs have none. */
function hooked(stack: Stack): Stack {
  const withHooks = ([name, service]: [string, Service]): [string, Service] => {
    if (service.image === 'job:1') return [name, service]
    const pre_start = [{ ...hook('before'), image: 'once:1' }]
    return [name, { ...service, post_start: [hook('one'), hook('two')], pre_stop: [hook('bye')], pre_start }]
  }
  return { ...stack, services: Object.fromEntries(Object.entries(stack.services).map(withHooks)) }
}

/** Which hooks came to an end in a container, in order. */
type Ledger = Map<string, string[]>

/** The command is killed before its n-th write or hook. */
async function killedBefore(engine: MemoryEngine, n: number, run: () => Promise<unknown>): Promise<void> {
  const before = engine.hooks.before
  let left = n
  engine.hooks.before = (call) => {
    before?.(call)
    if (left < 0) throw new Error('killed')
    if ((isWrite(call.method) || call.method === 'exec') && left-- <= 0) throw new Error('killed')
  }
  await run().catch(() => undefined)
  if (before) engine.hooks.before = before
  else delete engine.hooks.before
}

function ledgerOf(engine: MemoryEngine): Ledger {
  const ledger: Ledger = new Map()
  engine.hooks.after = ({ method, args: [id, spec] }) => {
    const exec = spec as ExecSpec
    const run = String(id)
    if (method === 'startContainer' && !ledger.has(run)) ledger.set(run, [])
    if (method === 'exec' && isHook(exec)) ledger.set(run, [...(ledger.get(run) ?? []), exec.cmd[1] ?? ''])
  }
  return ledger
}

test('killed before any write or hook, the next up has run every post_start hook of every container, in order, and left no hook behind', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, fc.nat(60), fc.boolean(), async (first, second, n, none) => {
      const [before, after] = [hooked(first), hooked(second)]
      const engine = memoryEngine({ images })
      const journal = memoryJournal()
      const ledger = ledgerOf(engine)
      await up(engine, before, journal)
      await killedBefore(engine, n, () => up(engine, after, journal))
      // Hooks may have been taken out meanwhile: what they left goes all the same.
      if (none) {
        assert.ok((await up(engine, second, journal)).outcome.ok, `killed before ${n}`)
        return assertUp(engine, second)
      }
      assert.ok((await up(engine, after, journal)).outcome.ok, `killed before ${n}`)
      await assertUp(engine, after)
      for (const container of await engine.behindTheBack.listContainers({ labels: [`${COMPOSE.project}=lab`] })) {
        const wanted = (after.services[container.labels[COMPOSE.service] ?? '']?.post_start ?? []).map(
          ({ command }) => command[1],
        )
        const ran = (ledger.get(container.id) ?? []).filter((name) => name !== 'bye')
        assert.equal(ran.slice(-1), wanted.slice(-1), `${container.name}: ${ran.join(' ')}`)
        assert.ok(
          wanted.every((name) => ran.includes(name ?? '')),
          `${container.name}: ${ran.join(' ')}`,
        )
      }
      engine.calls.length = 0
      await up(engine, after, journal)
      assert.equal(story(engine), [])
    }),
    { numRuns: 60 },
  )
})

test('what hooks print is reported in whole lines, and is part of their failures', async () => {
  const engine = memoryEngine({ images })
  const stack = stackOf({ services: { web: { post_start: [hook('first'), hook('second', 3)] } } })
  const { events, outcome } = await up(engine, stack)
  assert.is(outcome.ok, false)
  const told = events.flatMap((event) => (event.type === 'step-output' ? event.lines : []))
  assert.equal(told, ['says first', 'says second'])
  const failed = events.find((event) => event.type === 'step-fail')
  assert.equal(failed?.type === 'step-fail' && failed.dossier?.log, ['says second'])
})

test('what a hook before the start prints is reported, too', async () => {
  const engine = memoryEngine({ images })
  const pre_start = [{ ...hook('one'), image: 'breaks:1' }]
  const stack = stackOf({ services: { web: { pre_start } } })
  const { events } = await up(engine, stack)
  assert.equal(
    events.flatMap((event) => (event.type === 'step-output' ? event.lines : [])),
    ['no schema'],
  )
})

test.run()
