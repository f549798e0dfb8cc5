import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DOWN, UP } from '../../../../src/backend/intent.ts'
import { undoes } from '../../../../src/plan/step.ts'
import { spacesOf } from '../../../../src/stack/dependencies.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { replicasOf } from '../../../../src/stack/names.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { planText } from '../../../support/plan-text.ts'
import { engineFor, IMAGES, stackOf, stacks, turned } from '../../support.ts'
import { assertConverges, assertPhases, assertUp, down, leftOf, planFor, up } from '../carry-out.ts'

/** Who lives in the namespaces of a service, directly or not. */
function guestsOf(stack: Stack, host: string): string[] {
  const livesIn = (service: Service) => spacesOf(service).includes(host)
  const guests = Object.keys(stack.services).filter((name) => livesIn(stack.services[name] ?? {}))
  return [...guests, ...guests.flatMap((guest) => guestsOf(stack, guest))]
}

const law = (runs: number) => ({ numRuns: runs })

test('after an up everything declared is there, and a new plan is empty', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineFor(stack)
      await assertConverges(engine, stack)
    }),
    law(300),
  )
})

test('an up with nothing to do makes one round of list calls, and inspects only containers in the namespaces of others', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      // A finished job is inspected: it does not simply run.
      const running = {
        ...stack,
        services: Object.fromEntries(Object.entries(stack.services).filter(([, each]) => each.image !== 'job:1')),
      }
      for (const service of Object.values(running.services)) delete service.depends_on
      const engine = engineFor(stack)
      await up(engine, running)
      engine.calls.length = 0
      await up(engine, running)
      assert.equal(engine.calls.map((call) => call.method).sort(), [
        ...Array.from({ length: livingTogether(running) }, () => 'inspectContainer'),
        'listContainers',
        'listImages',
        'listNetworks',
        'listVolumes',
      ])
    }),
    law(100),
  )
})

/** How many containers are a host or a guest of namespaces. */
function livingTogether({ services }: Stack): number {
  const guests = Object.values(services).filter((each) => spacesOf(each).length > 0 && replicasOf(each) > 0)
  const hosts = new Set(guests.flatMap(spacesOf))
  return guests.reduce((sum, guest) => sum + replicasOf(guest), 0) + hosts.size
}

test('from any stack to any other: what is declared then is there, and volumes are kept', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineFor(before)
      await up(engine, before)
      const kept = (await leftOf(engine, before)).volumes.map((each) => each.name)
      await assertConverges(engine, after)
      const volumes = (await leftOf(engine, after)).volumes.map((each) => each.name)
      assert.ok(kept.every((name) => volumes.includes(name)))
    }),
    law(200),
  )
})

test('unchanged services stay untouched', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineFor(stack)
      await up(engine, stack)
      const before = new Set((await leftOf(engine, stack)).containers.map((each) => each.id))
      const [changed = 'a'] = Object.keys(stack.services)
      const service = stack.services[changed]
      const services = { ...stack.services, [changed]: { ...service, environment: { REV: 'new' } } }
      await up(engine, { ...stack, services })
      const after = (await leftOf(engine, stack)).containers
      const recreated = new Set(
        after.filter((each) => !before.has(each.id)).map((each) => each.labels['com.docker.compose.service'] ?? ''),
      )
      const follows = [changed, ...guestsOf(stack, changed)].filter(
        (name) => replicasOf(stack.services[name] ?? {}) > 0,
      )
      assert.ok(
        [...recreated].every((name) => follows.includes(name)),
        'nothing else',
      )
      // A job follows its host only if it has not ended yet.
      const surely = follows.filter((name) => name === changed || stack.services[name]?.image !== 'job:1')
      assert.ok(
        surely.every((name) => recreated.has(name)),
        'all of that',
      )
    }),
    law(100),
  )
})

test('down leaves nothing labelled but volumes, down -v not even those, nor carried ones', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineFor(before)
      await up(engine, before)
      await up(engine, after)
      assert.ok((await down(engine, after)).ok)
      const { containers, networks, volumes } = await leftOf(engine, after)
      assert.equal([containers, networks], [[], []])
      const used = [before, after].some((stack) =>
        Object.values(stack.services).some((each) => each.volumes?.some((mount) => mount.source)),
      )
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
  const engine = memoryEngine({ images: IMAGES })
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
      const engine = engineFor(before)
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

test('exactly the steps for the case of a failure have a phase', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, stacks, async (before, after) => {
      const engine = engineFor(before)
      await up(engine, before)
      const network = { name: 'lab_default', internal: true }
      const changed = { ...after, networks: { ...after.networks, default: network } }
      const plans = await Promise.all([after, changed].map((stack) => planFor(engine, stack, UP)))
      for (const plan of plans) assertPhases(plan)
      fc.pre(plans.some(({ steps }) => steps.some(undoes)))
    }),
    law(100),
  )
})

test('a changed network is recreated, and containers that stay are connected again under the same names', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stack) => {
      const engine = engineFor(stack)
      await up(engine, stack)
      const before = await leftOf(engine, stack)
      const changed = { ...stack, networks: { ...stack.networks, default: { name: 'lab_default', internal: true } } }
      await assertConverges(engine, changed)
      const after = await leftOf(engine, stack)
      const running = (all: typeof before) =>
        all.containers
          .filter((each) => each.state === 'running')
          .map((each) => each.id)
          .sort()
      assert.equal(running(after), running(before))
      const ids = (all: typeof before) => all.networks.find((each) => each.name === 'lab_default')?.id
      assert.is.not(ids(after), ids(before))
    }),
    law(60),
  )
})

test('a stopped container whose network was removed comes up again', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stack = stackOf({ services: { app: { environment: { REV: '1' } } } })
  await up(engine, stack)
  const { containers, networks } = await leftOf(engine, stack)
  await engine.behindTheBack.stopContainer(containers[0]?.id ?? '', {})
  await engine.behindTheBack.removeNetwork(networks[0]?.id ?? '')
  assert.ok((await up(engine, stack)).ok)
  await assertUp(engine, stack)
})

const BROKEN = {
  ...IMAGES,
  'broken:1': { startFails: 'no such program' },
  'dying:1': { exits: { after: 10, code: 3 }, passesAfter: Number.POSITIVE_INFINITY },
}

test('a replacement that cannot start leaves the old container running, and what depends on it as it was', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, fc.nat(4), async (stack, which) => {
      const engine = memoryEngine({ images: BROKEN })
      await up(engine, stack)
      const names = Object.keys(stack.services)
      const victim = names[which % names.length] ?? 'a'
      fc.pre(replicasOf(stack.services[victim] ?? {}) > 0)
      const broken = { ...stack.services[victim], image: 'broken:1', environment: { REV: 'broken' } }
      assert.not((await up(engine, { ...stack, services: { ...stack.services, [victim]: broken } })).ok)
      await assertUp(engine, stack)
      assert.equal((await planFor(engine, stack, UP)).steps, [])
    }),
    law(100),
  )
})

test('a replacement that others wait for, and that dies, gives way to the old container again', async () => {
  const engine = memoryEngine({ images: BROKEN })
  const healthcheck = { test: ['CMD', 'true'] }
  const web = {
    depends_on: { db: { condition: 'service_healthy' as const, required: true } },
    environment: { REV: '1' },
  }
  const before = stackOf({
    services: { db: { image: 'db:1', healthcheck, restart: 'always', environment: { REV: '1' } }, web },
  })
  const db = { ...before.services.db, image: 'dying:1', environment: { REV: '2' } }
  const after = { ...before, services: { db, web: { ...before.services.web, environment: { REV: '2' } } } }
  await up(engine, before)
  assert.not((await up(engine, after)).ok)
  await assertUp(engine, before)
})

test.run()
