import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DOWN, UP } from '../../../src/backend/intent.ts'
import { planText } from '../../../src/plan/text.ts'
import { memoryEngine } from '../../support/memory-engine.ts'
import { IMAGES, stackOf, stacks, turned } from '../support.ts'
import { assertUp, countWrites, down, killedAfter, leftOf, planFor, up } from './carry-out.ts'

const engineWith = () => memoryEngine({ images: IMAGES })
const law = (runs: number) => ({ numRuns: runs })

test('after an up everything declared is there, and a new plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineWith()
      assert.ok((await up(engine, stack)).ok)
      await assertUp(engine, stack)
      assert.equal((await planFor(engine, stack, UP)).steps, [])
    }),
    law(300),
  )
})

test('an up with nothing to do makes one round of list calls, and no other call', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      // A finished job is inspected: it does not simply run.
      const running = {
        ...stack,
        services: Object.fromEntries(Object.entries(stack.services).filter(([, each]) => each.image !== 'job:1')),
      }
      for (const service of Object.values(running.services)) delete service.depends_on
      const engine = engineWith()
      await up(engine, running)
      engine.calls.length = 0
      await up(engine, running)
      assert.equal(engine.calls.map((call) => call.method).sort(), [
        'listContainers',
        'listImages',
        'listNetworks',
        'listVolumes',
      ])
    }),
    law(100),
  )
})

test('from any stack to any other: what is declared then is there, and volumes are kept', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineWith()
      await up(engine, before)
      const kept = (await leftOf(engine, before)).volumes.map((each) => each.name)
      assert.ok((await up(engine, after)).ok)
      await assertUp(engine, after)
      assert.equal((await planFor(engine, after, UP)).steps, [])
      const volumes = (await leftOf(engine, after)).volumes.map((each) => each.name)
      assert.ok(kept.every((name) => volumes.includes(name)))
    }),
    law(200),
  )
})

test('what did not change is not touched', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineWith()
      await up(engine, stack)
      const before = new Set((await leftOf(engine, stack)).containers.map((each) => each.id))
      const [changed = 'a'] = Object.keys(stack.services)
      const service = stack.services[changed]
      const services = { ...stack.services, [changed]: { ...service, environment: { REV: 'new' } } }
      await up(engine, { ...stack, services })
      const after = (await leftOf(engine, stack)).containers
      const recreated = after
        .filter((each) => !before.has(each.id))
        .map((each) => each.labels['com.docker.compose.service'])
      assert.equal([...new Set(recreated)], [changed])
    }),
    law(100),
  )
})

test('down leaves nothing labelled but volumes, down -v not even those, nor carried ones', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineWith()
      await up(engine, before)
      await up(engine, after)
      assert.ok((await down(engine, after)).ok)
      const { containers, networks, volumes } = await leftOf(engine, after)
      assert.equal([containers, networks], [[], []])
      const used = [before, after].some((stack) => Object.values(stack.services).some((each) => each.volumes))
      assert.is(volumes.length, used ? 1 : 0)
      await up(engine, after)
      assert.ok((await down(engine, after, { volumes: true })).ok)
      assert.equal((await leftOf(engine, after)).volumes, [])
      assert.equal((await planFor(engine, after, DOWN)).steps, [])
    }),
    law(150),
  )
})

test('anonymous volumes are carried over a recreate, and go with down -v', async () => {
  const engine = engineWith()
  const first = stackOf({ services: { app: { environment: { REV: '1' } } } })
  const second = stackOf({ services: { app: { environment: { REV: '2' } } } })
  await up(engine, first)
  const [volume] = (await leftOf(engine, first)).anonymous
  for (const stack of [second, first, second]) {
    await up(engine, stack)
    const [container] = (await leftOf(engine, stack)).containers
    assert.is(container?.mounts.find((each) => each.target === '/cache')?.name, volume?.name)
  }
  await down(engine, second, { volumes: true })
  assert.equal((await leftOf(engine, second)).anonymous, [])
})

test('the order of keys never changes a plan', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineWith()
      await up(engine, before)
      for (const intent of [UP, { ...UP, forceRecreate: true }, DOWN]) {
        const plans = await Promise.all([after, turned(after)].map((stack) => planFor(engine, stack, intent)))
        const [one, other] = plans.map(planText)
        assert.is(one, other)
      }
    }),
    law(150),
  )
})

test('killed after any write, the next up converges', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const writes = await writesOf(before, after)
      for (let n = 0; n <= writes; n++) {
        const engine = engineWith()
        await up(engine, before)
        await killedAfter(engine, n, () => up(engine, after))
        assert.ok((await up(engine, after)).ok, `killed after ${n} writes`)
        await assertUp(engine, after)
        assert.equal((await planFor(engine, after, UP)).steps, [])
      }
    }),
    law(60),
  )
})

test('killed after any write of a recreate, any other stack converges too, the old one among them', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, stacks, fc.boolean(), async (before, after, third, back) => {
      const writes = await writesOf(before, after)
      for (let n = 0; n <= writes; n++) {
        const engine = engineWith()
        await up(engine, before)
        await killedAfter(engine, n, () => up(engine, after))
        const wanted = back ? before : third
        assert.ok((await up(engine, wanted)).ok, `killed after ${n} writes`)
        await assertUp(engine, wanted)
      }
    }),
    law(60),
  )
})

test('killed after any write of a down, the next down finishes it', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      for (let n = 0; n <= 12; n++) {
        const engine = engineWith()
        await up(engine, stack)
        await killedAfter(engine, n, () => down(engine, stack, { volumes: true }))
        assert.ok((await down(engine, stack, { volumes: true })).ok)
        const { containers, networks, volumes } = await leftOf(engine, stack)
        assert.equal([containers, networks, volumes], [[], [], []])
      }
    }),
    law(30),
  )
})

async function writesOf(before: Parameters<typeof up>[1], after: Parameters<typeof up>[1]): Promise<number> {
  const engine = engineWith()
  await up(engine, before)
  engine.calls.length = 0
  await up(engine, after)
  return countWrites(engine)
}

test.run()
