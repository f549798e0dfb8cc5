import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf } from '../../support.ts'
import { assertUp, planFor, up } from '../carry-out.ts'

/** Who publishes which of four host ports, and who needs whom; the engine refuses a port that is held. */
const NAMES = ['a', 'b', 'c', 'd'] as const
const FIRST = 8000

interface Layout {
  /** A service's host port, or none. */
  ports: (number | null)[]
  /** Of each service: those before it that it depends on, and how. */
  needs: boolean[][]
  healthy: boolean
  startFirst: boolean
}

const portsOfAll = fc
  .tuple(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .map(([order, published]) => order.map((port, at) => (published[at] ? port : null)))

const row = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })
const shapes = fc.record({
  needs: fc.array(row, { minLength: 4, maxLength: 4 }),
  healthy: fc.boolean(),
  startFirst: fc.boolean(),
})

function stackWith({ ports, needs, healthy, startFirst }: Layout, rev = '1'): Stack {
  const services = NAMES.map((name, at): [string, Service] => {
    const needed = NAMES.filter((_, other) => other < at && needs[at]?.[other])
    const condition = healthy ? ('service_healthy' as const) : ('service_started' as const)
    const port = ports[at]
    return [
      name,
      {
        image: 'lean:1',
        environment: { REV: rev },
        healthcheck: { test: ['CMD', 'true'] },
        ...(startFirst && { deploy: { update_config: { order: 'start-first' } } }),
        depends_on: Object.fromEntries(needed.map((each) => [each, { condition, required: true }])),
        ...(typeof port === 'number' && {
          ports: [{ target: 80, published: `${FIRST + port}`, protocol: 'tcp', mode: 'ingress' }],
        }),
      },
    ]
  })
  return stackOf({ services: Object.fromEntries(services) })
}

test('host ports that move between services are free when they are taken, whichever service needs which', async () => {
  await fc.assert(
    fc.asyncProperty(portsOfAll, portsOfAll, shapes, fc.boolean(), async (before, after, shape, renewed) => {
      const engine = memoryEngine({ images: IMAGES })
      assert.ok((await up(engine, stackWith({ ports: before, ...shape }))).ok)
      const wanted = stackWith({ ports: after, ...shape }, renewed ? '2' : '1')
      const outcome = await up(engine, wanted)
      assert.ok(outcome.ok, outcome.problems.map((each) => each.message).join())
      await assertUp(engine, wanted)
      assert.equal((await planFor(engine, wanted, UP)).steps, [])
    }),
    { numRuns: 150 },
  )
})

test('a port goes from an orphan to a service that takes it over', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const ports = [{ target: 80, published: '8080', protocol: 'tcp' }]
  const one = { environment: { REV: '1' }, ports }
  await up(engine, stackOf({ services: { old: one } }))
  const renamed = stackOf({ services: { renamed: one } })
  assert.ok((await up(engine, renamed, { removeOrphans: true })).ok)
  await assertUp(engine, renamed)
})

/** The starts that come after one another, in pairs. */
async function startsInOrder(stack: Stack): Promise<string[]> {
  const engine = memoryEngine({ images: IMAGES })
  const { steps } = await planFor(engine, stack, UP)
  return steps.flatMap(({ id, after }) =>
    id.startsWith('start:')
      ? after.flatMap((each) => (each.step.startsWith('start:') ? [`${each.step} < ${id}`] : []))
      : [],
  )
}

test('starts that choose from overlapping ranges of host ports take turns, and all others are parallel', async () => {
  const service = (published: string | undefined, more: Service = {}): Service => ({
    ports: [{ target: 80, ...(published !== undefined && { published }), protocol: 'tcp' }],
    ...more,
  })
  const cases: [Record<string, Service>, number][] = [
    [{ a: service('8000-8005'), b: service('8005-8009') }, 1],
    [{ a: service('8000-8005'), b: service('8006-8009') }, 0],
    [{ a: service('8000-8005'), b: service('8003') }, 1],
    [{ a: service('8000-8005', { scale: 3 }) }, 2],
    [{ a: service('8000'), b: service('8001') }, 0],
    [{ a: service(undefined), b: service(undefined) }, 0],
  ]
  for (const [services, pairs] of cases) assert.is((await startsInOrder(stackOf({ services }))).length, pairs)
})

test('a service that needs one certain port gets it before another chooses from a range', async () => {
  const ports = (published: string) => [{ target: 80, published, protocol: 'tcp' }]
  const stack = stackOf({ services: { a: { ports: ports('8000-8005') }, b: { ports: ports('8000') } } })
  assert.equal(await startsInOrder(stack), ['start:container/b/1 < start:container/a/1'])
})

test.run()
