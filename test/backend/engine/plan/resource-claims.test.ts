import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { isSamePlace, placesOf } from '../../../../src/backend/engine/observe/writable-mounts.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { Mount, Service, Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { stackOf } from '../../support.ts'
import { assertUp, planFor, up } from '../carry-out.ts'

/** What one container writes to, or is called by, goes from one service to another: who had it has stopped before. */
const IMAGES = { 'slow:1': { ignoresStop: true }, 'broken:1': { startFails: 'no such program' } }
const NAMES = ['a', 'b', 'c', 'd'] as const

const MOUNTS: Mount[] = [
  { type: 'volume', source: 'data', target: '/data' },
  { type: 'volume', source: 'log', target: '/log' },
  { type: 'bind', source: '/srv', target: '/srv' },
  { type: 'bind', source: '/srv/sub', target: '/sub' },
  { type: 'volume', source: 'data', target: '/read', read_only: true },
]
const STATIC = ['172.18.0.11', '172.18.0.12', '172.18.0.13', '172.18.0.14']

/** One service: absent, or what it mounts, and whom of those before it it waits for. */
interface Sketch {
  mounts: Mount[]
  address: boolean
  needs: boolean[]
  rev: string
  replicas: number
}

const sketch = fc.record<Sketch>({
  mounts: fc.subarray(MOUNTS, { maxLength: 3 }),
  address: fc.boolean(),
  needs: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  rev: fc.constantFrom('1', '2'),
  replicas: fc.nat(2),
})
const layouts = fc.record({
  sketches: fc.tuple(...NAMES.map(() => fc.option(sketch))),
  addresses: fc.shuffledSubarray(STATIC, { minLength: 4 }),
  healthy: fc.boolean(),
  startFirst: fc.boolean(),
})

function stackWith({
  sketches,
  addresses,
  healthy,
  startFirst,
}: typeof layouts extends fc.Arbitrary<infer T> ? T : never) {
  const services = NAMES.flatMap((name, at): [string, Service][] => {
    const found = sketches[at]
    if (!found) return []
    const needed = NAMES.filter((_, other) => other < at && sketches[other] && found.needs[other])
    const condition = healthy ? ('service_healthy' as const) : ('service_started' as const)
    const address = found.address ? addresses[at] : undefined
    const service: Service = {
      image: 'slow:1',
      environment: { REV: found.rev },
      healthcheck: { test: ['CMD', 'true'] },
      volumes: found.mounts,
      depends_on: Object.fromEntries(needed.map((each) => [each, { condition, required: true }])),
      networks: { default: address ? { ipv4_address: address } : null },
      ...(startFirst && { deploy: { update_config: { order: 'start-first' } } }),
      ...(!address && { scale: found.replicas }),
    }
    return [[name, service]]
  })
  return withVolumes(Object.fromEntries(services))
}

function withVolumes(services: Record<string, Service>): Stack {
  return stackOf({ services, volumes: { data: { name: 'lab_data' }, log: { name: 'lab_log' } } })
}

function share(stack: Stack, one: string, other: string, place: string): boolean {
  return [one, other].every((name) => placesOf(stack, name).some((each) => isSamePlace(each, place)))
}

/** The services of which two run on one place at this moment, though neither stack says that they share it. */
function intruders({ world }: MemoryEngine, stacks: Stack[]): string[] {
  const running = [...world.containers.values()].filter((each) => each.state === 'running')
  const writers = running.flatMap(({ spec, mounts }) =>
    mounts.flatMap(({ readOnly, name, source }) =>
      readOnly ? [] : [{ service: spec.Labels?.[COMPOSE.service] ?? '', place: name ?? source }],
    ),
  )
  return writers.flatMap((a) =>
    writers.flatMap((b) => {
      const apart = a.service < b.service && isSamePlace(a.place, b.place)
      const declared = stacks.some((stack) => share(stack, a.service, b.service, a.place))
      return apart && !declared ? [`${a.service} and ${b.service} on ${a.place}`] : []
    }),
  )
}

function watched(engine: MemoryEngine, stacks: Stack[]): Set<string> {
  const seen = new Set<string>()
  engine.hooks.after = ({ method }) => {
    if (method === 'startContainer') for (const each of intruders(engine, stacks)) seen.add(each)
  }
  return seen
}

test('two services write to one place at once only where a stack says so, and addresses are free when they are taken', async () => {
  await fc.assert(
    fc.asyncProperty(layouts, layouts, async (first, second) => {
      const engine = memoryEngine({ images: IMAGES })
      const [before, after] = [stackWith(first), stackWith(second)]
      assert.ok((await up(engine, before)).ok)
      const seen = watched(engine, [before, after])
      const outcome = await up(engine, after)
      assert.ok(outcome.ok, outcome.problems.map((each) => each.message).join())
      assert.equal([...seen], [])
      await assertUp(engine, after)
      assert.equal((await planFor(engine, after, UP)).steps, [])
    }),
    { numRuns: 150 },
  )
})

/** The starts of `after` that wait for the end of a container, once `before` is up. */
async function startsThatWait(before: Record<string, Service>, after: Record<string, Service>): Promise<string[]> {
  const engine = memoryEngine({ images: IMAGES })
  const slow = (services: Record<string, Service>) =>
    withVolumes(
      Object.fromEntries(Object.entries(services).map(([name, each]) => [name, { image: 'slow:1', ...each }])),
    )
  await up(engine, slow(before))
  const { steps } = await planFor(engine, slow(after), { ...UP, removeOrphans: true })
  return steps.flatMap(({ id, after: needed }) =>
    id.startsWith('start')
      ? needed.flatMap(({ step }) =>
          /^(stop|remove):/.test(step) ? [`${id} after ${step.replace(/:\w{12}$/, '')}`] : [],
        )
      : [],
  )
}

const volume = (source: string, more: Partial<Mount> = {}): Service => ({
  volumes: [{ type: 'volume', source, target: `/${source}`, ...more }],
})
const bind = (source: string): Service => ({ volumes: [{ type: 'bind', source, target: '/srv' }] })
const mac = (mac_address: string): Service => ({ networks: { default: { mac_address } } })
const changed: Service = { ...volume('data'), environment: { REV: '2' } }
const own = (name: string) => [`start-next:container/${name}/1 after stop:container/${name}/1`]
const moved = ['start:container/new/1 after remove:container/old/1']

const WAITS: [string, Record<string, Service>, Record<string, Service>, string[]][] = [
  ['a volume', { old: volume('data') }, { new: volume('data') }, moved],
  ['another volume', { old: volume('data') }, { new: volume('log') }, []],
  ['a volume that is read now', { old: volume('data') }, { new: volume('data', { read_only: true }) }, []],
  ['a directory', { old: bind('/srv') }, { new: bind('/srv/') }, moved],
  ['a directory within', { old: bind('/srv') }, { new: bind('/srv/sub') }, moved],
  ['a directory beside', { old: bind('/srv') }, { new: bind('/srv2') }, []],
  ['a MAC address', { old: mac('02:42:ac:00:00:0A') }, { new: mac('02:42:ac:00:00:0a') }, moved],
  ['a volume by another service', { old: volume('data') }, { a: {}, new: { volumes_from: ['a'] } }, []],
  ['a volume that stays shared', { old: volume('data') }, { old: volume('data'), new: volume('data') }, []],
  [
    'a volume that stays shared with a new container',
    { old: volume('data') },
    { old: changed, new: volume('data') },
    own('old'),
  ],
  [
    'a volume that was shared with a new container',
    { old: volume('data'), new: volume('data') },
    { new: changed },
    own('new'),
  ],
  ['a volume that was shared', { old: volume('data'), new: volume('data') }, { new: volume('data') }, []],
]

for (const [what, before, after, waits] of WAITS)
  test(`${what}: its successor ${waits === moved ? 'waits' : 'does not wait'} for the end of its holder`, async () => {
    assert.equal(await startsThatWait(before, after), waits)
  })

test('a service borrows the volumes of another one, and waits for their holder', async () => {
  const after = { a: volume('data'), new: { volumes_from: ['a'] } }
  assert.equal(await startsThatWait({ old: volume('data') }, after), [
    'start:container/a/1 after remove:container/old/1',
    'start:container/new/1 after remove:container/old/1',
  ])
})

test('a hook that runs before a start sees its volumes, and waits as well', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const pre_start = [{ command: ['migrate'] }]
  const stack = (name: string) => withVolumes({ [name]: { image: 'slow:1', ...volume('data'), pre_start } })
  await up(engine, withVolumes({ old: { image: 'slow:1', ...volume('data') } }))
  const { steps } = await planFor(engine, stack('new'), { ...UP, removeOrphans: true })
  const hook = steps.find(({ id }) => id.startsWith('pre-start'))
  assert.ok(hook?.after.some(({ step }) => step.startsWith('remove:container/old/1')))
})

test.run()
