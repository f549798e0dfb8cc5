import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Intent, UP } from '../../../../src/backend/intent.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, carryOut, planFor, up } from '../carry-out.ts'

/** Networks of the stack that somebody removed, and commands that start containers again. */
const START: Intent = { kind: 'start', services: [], wait: false }
const RESTART: Intent = { kind: 'restart', services: [], noDeps: false }
const STOP: Intent = { kind: 'stop', services: [] }

/** As by hand: what runs is disconnected, what was stopped keeps an endpoint in a network that is gone. */
async function removeByHand({ behindTheBack: engine }: MemoryEngine, name: string): Promise<void> {
  const [found] = (await engine.listNetworks({ names: [name] })).filter((each) => each.name === name)
  if (!found) return
  for (const id of (await engine.inspectNetwork(found.id))?.containers ?? [])
    await engine.disconnectNetwork(found.id, id, { force: true })
  await engine.removeNetwork(found.id)
}

async function upOn(stack: Stack, apiVersion: string): Promise<MemoryEngine> {
  const engine = memoryEngine({ images: IMAGES, apiVersion })
  assert.ok((await up(engine, stack)).ok)
  await engine.clock.sleep(60_000)
  return engine
}

for (const api of ['1.41', '1.47'])
  for (const [what, isStopped, intent] of [
    ['start of what was stopped', true, START],
    ['restart of what was stopped', true, RESTART],
    ['restart of what runs', false, RESTART],
  ] as const)
    test(`${what}: the networks that were removed are there again, and everything is in them; API ${api}`, async () => {
      await fc.assert(
        fc.asyncProperty(stacks, fc.subarray(['lab_default', 'lab_back'], { minLength: 1 }), async (stack, removed) => {
          const engine = await upOn(stack, api)
          if (isStopped) await carryOut(engine, stack, STOP)
          for (const name of removed) await removeByHand(engine, name)
          const outcome = await carryOut(engine, stack, intent)
          if (outcome.problems.some(({ code }) => code === 'no-container')) return
          assert.ok(outcome.ok, outcome.problems.map(({ message }) => message).join())
          await engine.clock.sleep(60_000)
          await assertUp(engine, stack)
          const { steps } = await planFor(engine, stack, UP)
          // `up` may still create a network that none of these containers uses.
          assert.equal(
            steps.filter(({ subject }) => subject.startsWith('container/')),
            [],
          )
        }),
        { numRuns: 40 },
      )
    })

/** What has become of the network of a container that was stopped, and the reason for which it is recreated. */
const FATES: [what: string, act: (engine: MemoryEngine) => Promise<void>, revision: string, cause: RegExp][] = [
  ['removed', (engine) => removeByHand(engine, 'lab_default'), '1', /"default" was removed$/],
  ['replaced', replaceByHand, '1', /"default" was replaced$/],
  ['changed in the stack', async () => undefined, '2', /"default" is recreated$/],
]

async function replaceByHand(engine: MemoryEngine): Promise<void> {
  const found = await engine.behindTheBack.inspectNetwork('lab_default')
  await removeByHand(engine, 'lab_default')
  await engine.behindTheBack.createNetwork({ Name: 'lab_default', Labels: found?.labels ?? {} })
}

for (const [what, act, revision, cause] of FATES)
  test(`a container whose network was ${what} is recreated for that reason`, async () => {
    const stackWith = (labels: Record<string, string>) =>
      stackOf({ services: { web: {} }, networks: { default: { name: 'lab_default', labels } } })
    const engine = await upOn(stackWith({ revision: '1' }), '1.41')
    await carryOut(engine, stackWith({ revision: '1' }), STOP)
    await act(engine)
    const { steps } = await planFor(engine, stackWith({ revision }), UP)
    const created = steps.find(({ verb, subject }) => verb === 'create' && subject === 'container/web/1')
    assert.match(created?.cause ?? '', cause)
  })

test('an external network that is gone refuses a restart before anything is stopped', async () => {
  const own = stackOf({ services: { app: { networks: { shared: null } } }, networks: { shared: { name: 'shared' } } })
  const engine = await upOn(own, '1.41')
  await removeByHand(engine, 'shared')
  const external = { ...own, networks: { shared: { name: 'shared', external: true } } }
  engine.calls.length = 0
  const thrown = await carryOut(engine, external, RESTART).then(
    () => undefined,
    (error: Error) => error,
  )
  assert.match(withoutMarks(thrown?.message ?? ''), 'external network "shared" does not exist')
  assert.not(engine.calls.some(({ method }) => method === 'stopContainer'))
})

test('a network that was declared since is left to up', async () => {
  const before = stackOf({ services: { app: {} } })
  const after = stackOf({
    services: { app: { networks: { default: null, late: null } } },
    networks: { ...before.networks, late: { name: 'lab_late' } },
  })
  const engine = await upOn(before, '1.47')
  await carryOut(engine, before, STOP)
  assert.ok((await carryOut(engine, after, START)).ok)
  assert.equal(await engine.listNetworks({ names: ['lab_late'] }), [])
})

test.run()
