import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MemoryEngine } from '../../../support/memory-engine.ts'
import { engineFor, stacks } from '../../support.ts'
import { assertConverges, assertUp, down, killedAfter, leftOf, up, writesOf } from '../carry-out.ts'

/** Commands are killed after every single write to the engine, one after the other, and the next command has to put it right. */
const law = (runs: number) => ({ numRuns: runs })

test('killed after any write, the next up converges', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const writes = await writesOf(before, after)
      for (let n = 0; n <= writes; n++) {
        const engine = engineFor(before)
        await up(engine, before)
        await killedAfter(engine, n, () => up(engine, after))
        await assertConverges(engine, after, `killed after ${n} writes`)
      }
    }),
    law(40),
  )
})

test('killed after any write of a recreate, any other stack converges too, the old one among them', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, stacks, fc.boolean(), async (before, after, third, back) => {
      const writes = await writesOf(before, after)
      for (let n = 0; n <= writes; n++) {
        const engine = engineFor(before)
        await up(engine, before)
        await killedAfter(engine, n, () => up(engine, after))
        const wanted = back ? before : third
        assert.ok((await up(engine, wanted)).ok, `killed after ${n} writes`)
        await assertUp(engine, wanted)
      }
    }),
    law(40),
  )
})

test('killed after any write of a down, the next down finishes it', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      for (let n = 0; n <= 12; n++) {
        const engine = engineFor(stack)
        await up(engine, stack)
        await killedAfter(engine, n, () => down(engine, stack, { volumes: true }))
        assert.ok((await down(engine, stack, { volumes: true })).ok)
        const { containers, networks, volumes } = await leftOf(engine, stack)
        assert.equal([containers, networks, volumes], [[], [], []])
      }
    }),
    law(40),
  )
})

/** The engine comes back: what has a policy for that is started again, a stopped container with `always` among them (dockerd(8)). */
async function restartEngine(engine: MemoryEngine): Promise<void> {
  const { behindTheBack: there, world } = engine
  const ran = [...world.containers.values()].filter((each) => each.state === 'running')
  for (const { id } of ran) await there.killContainer(id, 'SIGKILL')
  for (const each of world.containers.values()) {
    const policy = each.spec.HostConfig.RestartPolicy?.Name
    const comesBack =
      policy === 'always' ? each.startedAt !== undefined : policy === 'unless-stopped' && ran.includes(each)
    if (comesBack) await there.startContainer(each.id).catch(() => undefined)
  }
}

test('killed after any write, and the engine restarted, the next up converges', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const writes = await writesOf(before, after)
      for (let n = 0; n <= writes; n++) {
        const engine = engineFor(before)
        await up(engine, before)
        await killedAfter(engine, n, () => up(engine, after))
        await restartEngine(engine)
        assert.ok((await up(engine, after)).ok, `killed after ${n} writes`)
        await assertUp(engine, after)
      }
    }),
    law(25),
  )
})

test.run()
