import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf, stacks } from '../../support.ts'
import { assertUp, down, killedAfter, leftOf, planFor, up } from '../carry-out.ts'

/** What is kept, given back or left alone, each once nearly lost. */
const engineWith = () => memoryEngine({ images: IMAGES })
const app = (rev = '1', more: Service = {}): Service => ({ environment: { REV: rev }, ...more })
const only = (service: Service) => stackOf({ services: { app: service } })

test('a replacement that is given up gives the old container its restart policy back', async () => {
  const before = only(app('1', { restart: 'always' }))
  for (let writes = 0; writes < 7; writes++) {
    const engine = engineWith()
    await up(engine, before)
    await killedAfter(engine, writes, () => up(engine, only(app('2', { restart: 'always' }))))
    assert.ok((await up(engine, before)).ok, `after ${writes} writes`)
    await assertUp(engine, before)
  }
})

test('a container that is stopped to be replaced cannot come back with the engine', async () => {
  const engine = engineWith()
  await up(engine, only(app('1', { restart: 'always' })))
  const policies: (string | undefined)[] = []
  engine.hooks.before = ({ method, args }) => {
    const stopped = engine.world.containers.get(String(args[0]))
    if (method === 'stopContainer') policies.push(stopped?.spec.HostConfig.RestartPolicy?.Name)
  }
  await up(engine, only(app('2', { restart: 'always' })))
  assert.equal(policies, ['no'])
})

test('a replacement that cannot be created leaves the old container as it is', async () => {
  const engine = engineWith()
  const before = only(app('1', { restart: 'always' }))
  await up(engine, before)
  const [old] = (await leftOf(engine, before)).containers
  const began = engine.world.containers.get(old?.id ?? '')?.startedAt
  engine.hooks.before = ({ method }) => {
    if (method === 'createContainer') throw new Error('no space')
  }
  assert.not((await up(engine, only(app('2', { restart: 'always' })))).ok)
  delete engine.hooks.before
  await assertUp(engine, before)
  assert.is(engine.world.containers.get(old?.id ?? '')?.startedAt, began)
})

test('a changed network with a foreign container in it is left as it is, and that is reported', async () => {
  const engine = engineWith()
  const stack = only(app())
  await up(engine, stack)
  const [network] = (await leftOf(engine, stack)).networks
  const { id } = await engine.createContainer('stranger', { Image: 'app:1', HostConfig: {} })
  await engine.startContainer(id)
  await engine.connectNetwork(network?.id ?? '', id, {})
  const changed = { ...stack, networks: { default: { name: 'lab_default', internal: true } } }
  const { notes } = await planFor(engine, changed, UP)
  assert.ok(notes.some((note) => note.code === 'foreign-resource' && note.hint?.includes('stranger')))
  assert.ok((await up(engine, changed)).ok)
  assert.equal(
    (await leftOf(engine, stack)).networks.map((each) => each.id),
    [network?.id],
  )
  assert.ok((await engine.inspectContainer(id))?.networks.lab_default)
})

test('of two networks of one name that two commands made at once, the older one stays', async () => {
  const engine = engineWith()
  const other: string[] = []
  const stack = only(app())
  const twin = { Name: 'lab_default', Labels: { [COMPOSE.project]: 'lab', [COMPOSE.network]: 'default' } }
  const createNetwork: typeof engine.createNetwork = async (spec) => {
    if (other.length === 0) other.push((await engine.behindTheBack.createNetwork(twin)).id)
    await engine.clock.sleep(10)
    return engine.createNetwork(spec)
  }
  assert.ok((await up({ ...engine, createNetwork }, stack)).ok)
  assert.equal(
    (await leftOf(engine, stack)).networks.map((each) => each.id),
    other,
  )
  const [container] = (await leftOf(engine, stack)).containers
  assert.is(container?.networks.lab_default?.networkId, other[0])
})

test('down takes what needs others before them', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineWith()
      await up(engine, stack)
      const serviceOf = new Map(
        (await leftOf(engine, stack)).containers.map((each) => [each.id, each.labels[COMPOSE.service] ?? '']),
      )
      const gone: string[] = []
      engine.hooks.after = ({ method, args }) => {
        if (method === 'removeContainer') gone.push(serviceOf.get(String(args[0])) ?? '')
      }
      assert.ok((await down(engine, stack)).ok)
      const { graph } = declared(stack)
      for (const [at, name] of gone.entries())
        for (const needed of graph.needs(name))
          assert.not(gone.slice(0, at).includes(needed), `${needed} went before ${name}`)
    }),
    { numRuns: 60 },
  )
})

for (const same of [true, false]) {
  test(`a stopped container whose image is pulled again is ${same ? 'started' : 'replaced'} if that is ${same ? 'the same' : 'another one'}`, async () => {
    const image = { cmd: ['run'], content: 'old' }
    const engine = memoryEngine({
      images: { 'far:1': image },
      registry: { 'far:1': same ? image : { ...image, content: 'new' } },
    })
    const stack = only(app('1', { image: 'far:1' }))
    await up(engine, stack)
    const [before] = (await leftOf(engine, stack)).containers
    await engine.behindTheBack.stopContainer(before?.id ?? '', {})
    assert.ok((await up(engine, stack, { pull: 'always' })).ok)
    await assertUp(engine, stack)
    const [after] = (await leftOf(engine, stack)).containers
    assert.is(after?.id === before?.id, same)
  })
}

test('an orphan that is removed leaves its anonymous volumes: they may hold data', async () => {
  const engine = engineWith()
  await up(engine, stackOf({ services: { old: app() } }))
  const { anonymous } = await leftOf(engine, only(app()))
  assert.is(anonymous.length, 1)
  await up(engine, stackOf({ services: { other: app('1', { image: 'lean:1' }) } }), { removeOrphans: true })
  assert.equal((await leftOf(engine, only(app()))).anonymous, anonymous)
})

test('--no-recreate leaves changed containers as they are', async () => {
  const engine = engineWith()
  const before = only(app('1'))
  await up(engine, before)
  assert.ok((await up(engine, only(app('2')), { noRecreate: true })).ok)
  await assertUp(engine, before)
})

test('down -v leaves an external volume alone even where it carries the label of the project', async () => {
  const engine = engineWith()
  await engine.createVolume({ Name: 'mine', Labels: { [COMPOSE.project]: 'lab' } })
  const volumes = [{ type: 'volume' as const, source: 'data', target: '/data' }]
  const stack = stackOf({
    services: { app: app('1', { volumes }) },
    volumes: { data: { name: 'mine', external: true } },
  })
  await up(engine, stack)
  await down(engine, stack, { volumes: true })
  assert.ok(await engine.inspectVolume('mine'))
})

test.run()
