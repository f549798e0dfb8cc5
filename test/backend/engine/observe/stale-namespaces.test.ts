import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import { namespacesOf } from '../../../../src/stack/dependencies.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf, stacks } from '../../support.ts'
import { assertConverges, leftOf, planFor, up } from '../carry-out.ts'

test('whatever was restarted by someone else, nothing lives on in the namespaces of its earlier run', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.nat(8), async (stack, which) => {
      const engine = memoryEngine({ images: IMAGES })
      await up(engine, stack)
      const before = (await leftOf(engine, stack)).containers
      const running = before.filter(({ state }) => state === 'running')
      const restarted = running[which % running.length]
      fc.pre(restarted !== undefined)
      await restart(engine, restarted?.id ?? '')
      await assertConverges(engine, stack)
      const kept = new Set((await leftOf(engine, stack)).containers.map(({ id }) => id))
      const service = restarted?.labels['com.docker.compose.service'] ?? ''
      const gone = before
        .filter(({ id }) => !kept.has(id))
        .map(({ labels }) => labels['com.docker.compose.service'] ?? '')
      assert.ok(
        gone.every((name) => livesWith(stack, service, name)),
        'nothing else is touched',
      )
    }),
    { numRuns: 150 },
  )
})

async function restart({ behindTheBack, clock }: MemoryEngine, id: string): Promise<void> {
  await behindTheBack.stopContainer(id, {})
  await clock.sleep(1000)
  await behindTheBack.startContainer(id)
}

function livesWith(stack: Stack, host: string, guest: string): boolean {
  return namespacesOf(stack.services[guest] ?? {}).some((each) => each === host || livesWith(stack, host, each))
}

test('shared volumes outlive a restart: containers that mount them are kept', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stack = stackOf({
    services: { data: { environment: { REV: '1' } }, reader: { volumes_from: ['data'], environment: { REV: '1' } } },
  })
  await up(engine, stack)
  const { containers } = await leftOf(engine, stack)
  const data = containers.find(({ labels }) => labels['com.docker.compose.service'] === 'data')
  await restart(engine, data?.id ?? '')
  assert.equal((await planFor(engine, stack, UP)).steps, [])
})

test.run()
