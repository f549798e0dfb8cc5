import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { type OneOff, type RunIntent, UP } from '../../../../src/backend/intent.ts'
import type { ContainerSummary } from '../../../../src/docker/port.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stacks } from '../../support.ts'
import { assertUp, carryOut, countWrites, killedAfter, leftOf, planFor, up } from '../carry-out.ts'

/** One-off containers beside stacks of all kinds. */
const engineWith = () => memoryEngine({ images: IMAGES })

const PLAIN: OneOff = {
  name: 'lab-run-1',
  slug: '1',
  environment: {},
  labels: {},
  volumes: [],
  ports: [],
  capAdd: [],
  capDrop: [],
  tty: false,
  stdin: true,
  attached: true,
  useAliases: false,
  autoRemove: false,
  build: false,
}

function runOf(service: string, more: Partial<OneOff> = {}, noDeps = false): RunIntent {
  return { kind: 'run', service, up: { ...UP, noDeps }, oneOff: { ...PLAIN, ...more } }
}

/** A stack and one of its services. */
const scenes = fc
  .tuple(stacks, fc.nat())
  .map(([stack, n]): [Stack, string] => [stack, Object.keys(stack.services).sort()[n % countOf(stack)] ?? ''])

function countOf({ services }: Stack): number {
  return Object.keys(services).length
}

async function parted(engine: MemoryEngine, stack: Stack) {
  const { containers } = await leftOf(engine, stack)
  const isOneOff = ({ labels }: ContainerSummary) => labels[COMPOSE.oneoff] === 'True'
  return { oneOffs: containers.filter(isOneOff), others: containers.filter((each) => !isOneOff(each)) }
}

async function withoutOneOffs(engine: MemoryEngine, stack: Stack): Promise<void> {
  for (const { id } of (await parted(engine, stack)).oneOffs)
    await engine.behindTheBack.removeContainer(id, { force: true, volumes: true })
}

/** What of a stack a service needs, as a stack. */
function neededBy(stack: Stack, service: string): Stack {
  const needed = [...declared(stack).graph.closure([service])].filter((name) => name !== service)
  return { ...stack, services: Object.fromEntries(needed.map((name) => [name, stack.services[name] ?? {}])) }
}

test('run brings up dependencies exactly as up does, and starts one container of the service', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ([stack, service]) => {
      const engine = engineWith()
      assert.ok((await carryOut(engine, stack, runOf(service))).ok)
      const { oneOffs } = await parted(engine, stack)
      assert.equal(
        oneOffs.map(({ name, labels }) => [name, labels[COMPOSE.service]]),
        [[PLAIN.name, service]],
      )
      assert.ok(['running', 'exited'].includes(oneOffs[0]?.state ?? ''), oneOffs[0]?.state)
      await withoutOneOffs(engine, stack)
      await assertUp(engine, neededBy(stack, service))
    }),
    { numRuns: 100 },
  )
})

test('beside a stack that is up it changes nothing, and up sees nothing of it', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ([stack, service]) => {
      const engine = engineWith()
      await up(engine, stack)
      const there = (await parted(engine, stack)).others
      assert.ok((await carryOut(engine, stack, runOf(service))).ok)
      const idsOf = (containers: ContainerSummary[]) => containers.map(({ id }) => id).sort()
      assert.equal(idsOf((await parted(engine, stack)).others), idsOf(there))
      const before = engine.calls.length
      assert.equal((await planFor(engine, stack, { ...UP, removeOrphans: true })).steps, [])
      const inspected = engine.calls.slice(before).flatMap(({ args }) => args[0])
      assert.not(inspected.includes((await parted(engine, stack)).oneOffs[0]?.id), 'not even a look')
    }),
    { numRuns: 60 },
  )
})

test('with noDeps, nothing but its own container is made', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ([stack, service]) => {
      const engine = engineWith()
      // A namespace of nothing cannot be lived in.
      fc.pre(stack.services[service]?.network_mode === undefined)
      assert.ok((await carryOut(engine, stack, runOf(service, {}, true))).ok)
      const { oneOffs, others } = await parted(engine, stack)
      assert.equal([oneOffs.length, others.length], [1, 0])
    }),
    { numRuns: 40 },
  )
})

test('killed after any write, the next run clears up what was never started, and up converges', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ([stack, service]) => {
      const counting = engineWith()
      await carryOut(counting, stack, runOf(service))
      const writes = countWrites(counting)
      for (let n = 0; n <= writes; n++) {
        const engine = engineWith()
        await killedAfter(engine, n, () => carryOut(engine, stack, runOf(service)))
        const again = await carryOut(engine, stack, runOf(service, { name: 'lab-run-2', slug: '2' }))
        assert.ok(again.ok, `killed after ${n} of ${writes} writes`)
        const states = (await parted(engine, stack)).oneOffs.map(({ state }) => state)
        assert.not(states.includes('created'), `killed after ${n} of ${writes} writes`)
        await withoutOneOffs(engine, stack)
        assert.ok((await up(engine, stack)).ok)
        await assertUp(engine, stack)
      }
    }),
    { numRuns: 25 },
  )
})

test('a plan does not depend on the order of anything', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async ([stack, service]) => {
      const engine = engineWith()
      const services = Object.fromEntries(Object.entries(stack.services).reverse())
      const plan = await planFor(engine, stack, runOf(service))
      assert.equal(await planFor(engine, { ...stack, services }, runOf(service)), plan)
    }),
    { numRuns: 40 },
  )
})

test.run()
