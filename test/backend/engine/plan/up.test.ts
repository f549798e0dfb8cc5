import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../../src/backend/docker/labels.ts'
import type { Observed } from '../../../../src/backend/engine/observe/observed.ts'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { assertGolden } from '../../../support/golden.ts'
import { declared, stackOf } from '../../support.ts'
import { containerOf, emptyWorld, imageOf, upText, upWorld } from '../world.ts'

const web = stackOf({
  services: {
    db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'] } },
    web: { depends_on: { db: { condition: 'service_healthy', required: true } }, environment: { REV: '1' } },
  },
})
const changed = stackOf({
  services: { ...web.services, web: { ...web.services.web, environment: { REV: '2' } } },
})

const goldens = join(import.meta.dirname ?? '', '../../../golden/plan')
const used = new Set<string>()

/** The plan's text form is kept in a file named after the obligation. */
function golden(name: string, text: () => string): void {
  const file = `${name.split(/[:,]/)[0]?.replace(/[^a-z]+/gi, '-')}.txt`
  used.add(file)
  test(name, () => assertGolden(text(), join(goldens, file)))
}

golden('first up: networks, then containers, each as soon as its dependencies are ready', () =>
  upText(web, emptyWorld(web)),
)

golden('nothing to do', () => upText(web, upWorld(web)))

golden('a changed service is replaced: the old container is removed after the new one has started', () =>
  upText(changed, upWorld(web)),
)

golden('a stopped container is started again, after its dependencies', () => {
  const world = upWorld(web)
  const stopped = { state: 'exited', exitCode: 137 } as const
  return upText(web, {
    ...world,
    containers: [containerOf(web, 'db', { ...stopped }), containerOf(web, 'web', stopped)],
  })
})

golden('a requested build: the container is replaced if the image changes', () => {
  const built = stackOf({ services: { app: { build: { context: '/lab' }, image: 'app:1' } } })
  return upText(built, upWorld(built), { build: true })
})

golden('an interrupted replacement is continued', () => {
  const world = upWorld(web)
  const old = containerOf(web, 'web')
  const labels = { ...containerOf(changed, 'web').labels, [OURS.replaces]: old.id }
  const next = containerOf(changed, 'web', { id: 'next', name: 'lab-web-1_next', state: 'created', labels })
  return upText(changed, { ...world, containers: [...world.containers, next] })
})

golden('an outdated unfinished replacement is removed, and the old container is kept', () => {
  const world = upWorld(web)
  const labels = { ...containerOf(changed, 'web').labels, [OURS.replaces]: containerOf(web, 'web').id }
  const next = containerOf(changed, 'web', { id: 'next', name: 'lab-web-1_next', state: 'created', labels })
  return upText(web, { ...world, containers: [...world.containers, next] })
})

golden('a replacement without an old container gets its final name', () => {
  const world = upWorld(web)
  const labels = { ...containerOf(web, 'web').labels, [OURS.replaces]: 'gone' }
  const alone = containerOf(web, 'web', { id: 'next', name: 'lab-web-1_next', labels })
  return upText(web, { ...world, containers: [containerOf(web, 'db'), alone] })
})

golden('a superfluous replica is removed', () => {
  const world = upWorld(web)
  return upText(web, { ...world, containers: [...world.containers, containerOf(web, 'web', {}, 2)] })
})

golden('an orphan is noted, and removed on request', () => {
  const before = stackOf({ services: { ...web.services, old: {} } })
  return upText(web, upWorld(before)) + upText(web, upWorld(before), { removeOrphans: true })
})

golden('a tag that names another image recreates the containers of the old one', () => {
  const world = upWorld(web)
  return (
    upText(web, { ...world, images: [imageOf('db:1'), { ...imageOf('app:1'), id: 'sha256:newer' }] }).split('\n')[0] ??
    ''
  )
})

test('a completed job is kept', () => {
  const stack = stackOf({
    services: {
      migrate: { image: 'job:1' },
      app: { depends_on: { migrate: { condition: 'service_completed_successfully', required: true } } },
    },
  })
  const job = containerOf(stack, 'migrate', { state: 'exited', exitCode: 0 })
  const world: Observed = { ...upWorld(stack), containers: [job, containerOf(stack, 'app')] }
  assert.is(upText(stack, world), '= container/app/1\n= container/migrate/1\n= network/default\n')
})

test('a service that shares the network of a replaced one is replaced after it', () => {
  const stack = stackOf({ services: { vpn: { environment: { REV: '1' } }, app: { network_mode: 'service:vpn' } } })
  const next = stackOf({ services: { ...stack.services, vpn: { ...stack.services.vpn, environment: { REV: '2' } } } })
  const text = upText(next, upWorld(stack))
  assert.match(text, /create-next:container\/app\/1: [^\n]*\n {4}after [^\n]*rename:container\/vpn\/1/)
})

test('a missing image is pulled once for several services', () => {
  const stack = stackOf({ services: { one: {}, two: {} } })
  const text = upText(stack, { ...emptyWorld(stack), images: [] })
  assert.is(text.match(/^pull:/gm)?.length, 1)
})

for (const [what, change, code] of [
  ['an image that may not be pulled', { services: { a: { pull_policy: 'never' } } }, 'image-unavailable'],
  [
    'an external network that is not there',
    { services: { a: {} }, networks: { default: { name: 'x', external: true } } },
    'unknown-resource',
  ],
  [
    'an external volume that is not there',
    {
      services: { a: { volumes: [{ type: 'volume', source: 'v', target: '/v' }] } },
      volumes: { v: { name: 'v', external: true } },
    },
    'unknown-resource',
  ],
] as const) {
  test(`${what} is an error of planning`, () => {
    const stack = stackOf(change as unknown as Parameters<typeof stackOf>[0])
    const result = planUp(declared(stack), { ...emptyWorld(stack), images: [] }, UP)
    assert.ok(!result.ok && result.diagnostics.some((each) => each.code === code))
  })
}

test('a network of another project is refused', () => {
  const world = upWorld(web)
  const foreign = world.networks.map((network) => ({ ...network, labels: {} }))
  const result = planUp(declared(web), { ...world, networks: foreign }, UP)
  assert.ok(!result.ok && result.diagnostics[0]?.code === 'foreign-resource')
})

test('naming an unknown service is an error', () => {
  const result = planUp(declared(web), emptyWorld(web), { ...UP, services: ['wbe'] })
  assert.ok(!result.ok && result.diagnostics[0]?.code === 'unknown-service')
})

test('every golden belongs to a test', () => {
  assert.equal(
    readdirSync(goldens).filter((file) => !used.has(file)),
    [],
  )
})

test.run()
