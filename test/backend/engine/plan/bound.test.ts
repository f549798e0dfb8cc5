import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { UP } from '../../../../src/backend/intent.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { IMAGES, stackOf } from '../../support.ts'
import { assertConverges, assertUp, eventsOfUp, killedAfter, planFor, up } from '../carry-out.ts'

/** A network that is recreated, under containers that know it by name, and under those that earlier versions made with its id. */
const before = stack('1')
const after = stack('2')

function stack(revision: string): Stack {
  return stackOf({
    services: {
      a: { environment: { REV: '1' }, networks: { default: null, back: null } },
      b: { environment: { REV: '1' }, networks: { back: null } },
    },
    networks: { default: { name: 'lab_default' }, back: { name: 'lab_back', driver_opts: { revision } } },
  })
}

async function engineUp(apiVersion: string, how: 'by name' | 'by id'): Promise<MemoryEngine> {
  const engine = memoryEngine({ images: IMAGES, apiVersion })
  assert.ok((await up(engine, before)).ok)
  if (how === 'by id')
    for (const { spec } of engine.world.containers.values()) {
      const network = await engine.behindTheBack.inspectNetwork(spec.HostConfig.NetworkMode ?? '')
      spec.HostConfig.NetworkMode = network?.id ?? ''
    }
  return engine
}

const idsIn = ({ world }: MemoryEngine) => [...world.containers.keys()].sort()

/** As by earlier versions of this tool, or by hand: `back` is another network, and nobody is in it. */
async function tornApart({ behindTheBack: there }: MemoryEngine): Promise<void> {
  const old = await there.inspectNetwork('lab_back')
  for (const id of old?.containers ?? []) await there.disconnectNetwork('lab_back', id, { force: true })
  await there.removeNetwork('lab_back')
  await there.createNetwork({ Name: 'lab_back', Labels: old?.labels ?? {} })
}

for (const apiVersion of ['1.41', '1.51'] as const) {
  test(`API ${apiVersion}: containers made by name join a network that is recreated`, async () => {
    const engine = await engineUp(apiVersion, 'by name')
    const made = idsIn(engine)
    assert.ok((await up(engine, after)).ok)
    await assertUp(engine, after)
    assert.equal(idsIn(engine), made)
    assert.equal((await planFor(engine, after, UP)).steps, [])
  })

  test(`API ${apiVersion}: containers made by id are recreated where the engine takes no other way`, async () => {
    const engine = await engineUp(apiVersion, 'by id')
    const made = idsIn(engine)
    assert.ok((await up(engine, after)).ok)
    await assertUp(engine, after)
    assert.is(idsIn(engine).filter((id) => made.includes(id)).length, apiVersion === '1.41' ? 2 : 0)
    assert.equal((await planFor(engine, after, UP)).steps, [])
  })

  for (const how of ['by name', 'by id'] as const)
    test(`API ${apiVersion}: one up repairs containers made ${how} whose network was replaced`, async () => {
      const engine = await engineUp(apiVersion, how)
      await tornApart(engine)
      await assertConverges(engine, before)
    })

  test(`API ${apiVersion}: killed after any write, containers made by id are repaired by the next up`, async () => {
    for (let n = 0; n < 16; n++) {
      const engine = await engineUp(apiVersion, 'by id')
      await killedAfter(engine, n, () => up(engine, after))
      assert.ok((await up(engine, after)).ok, `killed after ${n} writes`)
      await assertUp(engine, after)
    }
  })
}

test('a network is left alone while containers are in it that could not come back and are not recreated', async () => {
  for (const intent of [{ services: ['a'], noDeps: true }, { noRecreate: true }]) {
    const engine = await engineUp('1.51', 'by id')
    const network = (await engine.behindTheBack.inspectNetwork('lab_back'))?.id
    const plan = await planFor(engine, after, { ...UP, ...intent })
    assert.match(plan.notes.map((each) => each.message).join(), /lab_back.*lab-b-1/)
    assert.ok((await up(engine, after, intent)).ok)
    const found = await engine.behindTheBack.inspectNetwork('lab_back')
    assert.is(found?.id, network)
    assert.is(found?.containers?.length, 2)
  }
})

test('with --no-recreate a container that cannot be connected is reported, and nothing fails', async () => {
  const engine = await engineUp('1.51', 'by id')
  await tornApart(engine)
  const plan = await planFor(engine, before, { ...UP, noRecreate: true })
  assert.match(plan.notes.map((each) => each.message).join(), /lab-b-1 cannot be connected/)
  assert.ok((await up(engine, before, { noRecreate: true })).ok)
})

test('an interrupted recreate whose new container fails brings the old one back, which it says', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const web = (rev: string) => stackOf({ services: { web: { environment: { REV: rev }, restart: 'always' } } })
  await up(engine, web('1'))
  const { behindTheBack: there } = engine
  const [old] = await there.listContainers({})
  // Created, calmed, stopped: killed before the start.
  await killedAfter(engine, 3, () => up(engine, web('2')))
  assert.is((await there.inspectContainer(old?.id ?? ''))?.state, 'exited')
  engine.hooks.before = ({ method, args }) => {
    if (method === 'startContainer' && args[0] !== old?.id) throw new EngineError('no', 500)
  }
  const events = await eventsOfUp(engine, web('2'))
  const undone = events.flatMap((event) => (event.type === 'step-done' ? [event.step] : []))
  assert.ok(undone.some((step) => step.startsWith('undo-back:')))
  const [left, ...others] = await there.listContainers({})
  assert.equal(others, [])
  assert.is(left?.id, old?.id)
  assert.is(left?.state, 'running')
  assert.is((await there.inspectContainer(old?.id ?? ''))?.spec.HostConfig.RestartPolicy?.Name, 'always')
})

test.run()
