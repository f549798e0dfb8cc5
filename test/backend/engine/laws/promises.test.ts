import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE, OURS } from '../../../../src/backend/docker/labels.ts'
import { endpointsOf } from '../../../../src/backend/engine/lower/network.ts'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { namesSecret } from '../../../../src/stack/secret-names.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf } from '../../support.ts'
import { assertUp, down, leftOf, planFor, up } from '../carry-out.ts'
import { upWorld } from '../world.ts'

/** Single promises that users rely on, each once broken or nearly so. */
const engineWith = () => memoryEngine({ images: IMAGES })
const app = { environment: { REV: '1' } }
const next = { environment: { REV: '2' } }
const data = [{ type: 'volume' as const, source: 'data', target: '/data' }]

test("down -v leaves another project's volume alone, though the stack names it", async () => {
  const engine = engineWith()
  await engine.createVolume({ Name: 'shared', Labels: { [COMPOSE.project]: 'other' } })
  const stack = stackOf({ services: { app: { ...app, volumes: data } }, volumes: { data: { name: 'shared' } } })
  await up(engine, stack)
  assert.ok((await down(engine, stack, { volumes: true })).ok)
  assert.ok(await engine.inspectVolume('shared'))
})

test('down -v leaves external volumes alone', async () => {
  const engine = engineWith()
  await engine.createVolume({ Name: 'mine' })
  const stack = stackOf({
    services: { app: { ...app, volumes: data } },
    volumes: { data: { name: 'mine', external: true } },
  })
  await up(engine, stack)
  await down(engine, stack, { volumes: true })
  assert.ok(await engine.inspectVolume('mine'))
})

test('a network that is recreated for one service leaves no other one outside', async () => {
  const engine = engineWith()
  const stack = stackOf({ services: { one: app, two: app } })
  await up(engine, stack)
  const changed = { ...stack, networks: { default: { name: 'lab_default', internal: true } } }
  assert.ok((await up(engine, changed, { services: ['one'] })).ok)
  await assertUp(engine, changed)
})

test('a network that cannot be recreated comes back as it was, with all its containers', async () => {
  const engine = engineWith()
  const stack = stackOf({ services: { one: app, two: app } })
  await up(engine, stack)
  let creations = 0
  engine.hooks.before = ({ method }) => {
    if (method === 'createNetwork' && ++creations === 1) throw new Error('pool overlaps')
  }
  assert.not((await up(engine, { ...stack, networks: { default: { name: 'lab_default', internal: true } } })).ok)
  delete engine.hooks.before
  await assertUp(engine, stack)
  assert.equal((await planFor(engine, stack, UP)).steps, [])
})

test('no replicas means none', async () => {
  const engine = engineWith()
  await up(engine, stackOf({ services: { app: { ...app, scale: 2 } } }))
  await up(engine, stackOf({ services: { app: { ...app, scale: 0 } } }))
  assert.equal((await leftOf(engine, stackOf({ services: {} }))).containers, [])
})

test('scaling down keeps anonymous volumes: they may hold data', async () => {
  const engine = engineWith()
  const stack = stackOf({ services: { app: { ...app, scale: 2 } } })
  await up(engine, stack)
  const before = (await leftOf(engine, stack)).anonymous.length
  await up(engine, stackOf({ services: { app } }))
  assert.is((await leftOf(engine, stack)).anonymous.length, before)
})

test('a secret that is one item of a list is masked in the difference', () => {
  const before = stackOf({ services: { app: { command: ['serve', '--password', 'old-secret'] } } })
  const after = stackOf({ services: { app: { command: ['serve', '--password', 'new-secret'] } } })
  const sensitive = { values: new Set(['new-secret']), paths: new Set(['services.app.command[2]']) }
  const result = planUp({ ...declared(after), sensitive }, upWorld(before), UP)
  const changes = result.ok ? result.value.steps.flatMap((step) => step.changes ?? []) : []
  assert.equal(
    changes.map(({ path, secret }) => [path, secret]),
    [['command', true]],
  )
})

test('variables whose names only begin like others are no secrets of theirs', () => {
  const stack = (rev: string) => stackOf({ services: { app: { environment: { A: rev } } } })
  const sensitive = { values: new Set<string>(), paths: new Set(['services.app.environment.A_TOKEN']) }
  const result = planUp({ ...declared(stack('2')), sensitive }, upWorld(stack('1')), UP)
  const changes = result.ok ? result.value.steps.flatMap((step) => step.changes ?? []) : []
  assert.equal(
    changes.map(({ path, secret }) => [path, secret ?? false]),
    [['environment.A', namesSecret('A')]],
  )
})

async function foreignContainer(engine: MemoryEngine, name: string, labels: Record<string, string>): Promise<void> {
  await engine.startContainer(
    (await engine.createContainer(name, { Image: 'app:1', Labels: labels, HostConfig: {} })).id,
  )
}

for (const [whose, labels] of [
  ['nobody', {}],
  ['another project', { [COMPOSE.project]: 'other', [COMPOSE.service]: 'web' }],
  ['an orphan', { [COMPOSE.project]: 'lab', [COMPOSE.service]: 'gone', [COMPOSE.number]: '1' }],
] as const) {
  test(`a container_name that a container of ${whose} has is refused before anything is touched`, async () => {
    const engine = engineWith()
    await up(engine, stackOf({ services: { app } }))
    await foreignContainer(engine, 'taken', labels)
    engine.calls.length = 0
    const named = stackOf({ services: { app: { ...app, container_name: 'taken' } } })
    const outcome = await up(engine, named, { removeOrphans: false }).then(
      () => 'carried out',
      () => 'refused',
    )
    assert.is(outcome, 'refused')
    assert.ok(engine.calls.every(({ method }) => /^(list|inspect|version|apiVersion)/.test(method)))
  })
}

test('an engine is asked for its version before containers are recreated on request', async () => {
  const engine = memoryEngine({ images: IMAGES, apiVersion: '1.47' })
  const healthcheck = { test: ['CMD', 'true'], start_interval: '1s' }
  const stack = stackOf({ services: { app: { ...app, healthcheck } } })
  await up(engine, stack)
  await up(engine, stack, { forceRecreate: true })
  const [container] = (await leftOf(engine, stack)).containers
  const detail = await engine.inspectContainer(container?.id ?? '')
  assert.is(detail?.spec.Healthcheck?.StartInterval, 1e9)
})

test('a container with a label of a newer version is compared, not recreated', async () => {
  const engine = engineWith()
  const stack = stackOf({ services: { app: { ...app, command: ['run'] } } })
  await up(engine, stack)
  for (const { spec } of engine.world.containers.values())
    spec.Labels = { ...spec.Labels, [OURS.fingerprint]: '{"v":99}' }
  assert.equal((await planFor(engine, stack, UP)).steps, [])
  const changed = stackOf({ services: { app: { ...next, command: ['run'] } } })
  assert.ok((await planFor(engine, changed, UP)).steps.some((step) => step.verb === 'create'))
})

test('an anonymous volume gives way to what is declared at its place', async () => {
  const engine = engineWith()
  const anonymous = [{ type: 'volume' as const, target: '/x' }]
  await up(engine, stackOf({ services: { app: { ...app, volumes: anonymous } } }))
  await up(engine, stackOf({ services: { app: { ...app, volumes: [{ type: 'tmpfs', target: '/x' }] } } }))
  const [container] = (await leftOf(engine, stackOf({ services: {} }))).containers
  const detail = await engine.inspectContainer(container?.id ?? '')
  const mounts = (detail?.spec.HostConfig.Mounts ?? []).filter((each) => each.Target === '/x')
  assert.equal(
    mounts.map((each) => each.Type),
    ['tmpfs'],
  )
})

test('a dependency that one can do without may fail: the command has not', async () => {
  const engine = memoryEngine({ images: { ...IMAGES, 'flaky:1': { exits: { after: 10, code: 3 } } } })
  const edge = (required: boolean) => ({ condition: 'service_completed_successfully' as const, required })
  const stack = (required: boolean) =>
    stackOf({ services: { flaky: { image: 'flaky:1' }, app: { ...app, depends_on: { flaky: edge(required) } } } })
  const outcome = await up(engine, stack(false))
  assert.ok(outcome.ok)
  assert.ok(
    (await leftOf(engine, stack(false))).containers.some(
      (each) => each.name === 'lab-app-1' && each.state === 'running',
    ),
  )
  await down(engine, stack(false))
  assert.not((await up(engine, stack(true))).ok)
})

test('links name the containers that they mean', () => {
  const stack = stackOf({
    services: { web: { links: ['my-db:db', 'front'] }, 'my-db': {}, front: { container_name: 'door' } },
  })
  const [[, endpoint] = ['', {}]] = endpointsOf({
    stack,
    name: 'web',
    service: stack.services.web ?? {},
    index: 1,
    api: 141,
  })
  assert.equal(endpoint.Links, ['lab-my-db-1:db', 'door:front'])
})

test('a container that is removed by hand during an up is recreated by the next round', async () => {
  const engine = engineWith()
  const stack = stackOf({ services: { app } })
  engine.hooks.before = ({ method, args }) => {
    if (method === 'startContainer') engine.world.containers.delete(String(args[0]))
  }
  const outcome = await up(engine, stack)
  delete engine.hooks.before
  assert.equal(
    outcome.problems.map((problem) => problem.code),
    ['moved'],
  )
  assert.ok((await up(engine, stack)).ok)
  await assertUp(engine, stack)
})

test.run()
