import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import type { ContainerSpec } from '../../../../src/docker/spec.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { command, HOOKED, hook, images, story, up } from './hooks-world.ts'

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

test('a pre_start hook that fails keeps its service from starting, and its output is reported', async () => {
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

test('output of a hook before the start is reported, too', async () => {
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
