import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Observed } from '../../../src/backend/engine/observed.ts'
import { planUp } from '../../../src/backend/engine/plan/up.ts'
import { UP } from '../../../src/backend/intent.ts'
import { OURS } from '../../../src/stack/labels.ts'
import { declared, stackOf } from '../support.ts'
import { containerOf, emptyWorld, imageOf, upText, upWorld } from './world.ts'

const web = stackOf({
  services: {
    db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'] } },
    web: { depends_on: { db: { condition: 'service_healthy', required: true } }, environment: { REV: '1' } },
  },
})
const changed = stackOf({
  services: { ...web.services, web: { ...web.services.web, environment: { REV: '2' } } },
})

const golden = (name: string, text: () => string, expected: string) =>
  test(name, () => assert.fixture(text().trim(), expected.replace(/^ {4}/gm, '').trim()))

golden(
  'first up: networks, then containers, each started as soon as what it needs is ready',
  () => upText(web, emptyWorld(web)),
  `
    create:network/default: not there yet
    create:container/db/1: not created yet
        after create:network/default
    start:container/db/1: not created yet
        after create:container/db/1
    wait:container/db/1:service_healthy: until it is healthy
        after start:container/db/1
    create:container/web/1: not created yet
        after create:network/default
    start:container/web/1: not created yet
        after create:container/web/1, wait:container/db/1:service_healthy
  `,
)

golden('nothing to do', () => upText(web, upWorld(web)), '= container/db/1\n= container/web/1\n= network/default')

golden(
  'a changed service is replaced under its nose: the old one is removed only after the new one has started',
  () => upText(changed, upWorld(web)),
  `
    create-next:container/web/1: environment.REV changed
        ~ environment.REV: "1" -> "2"
    update:container/web/1: it must not come back by itself while it is replaced
        after create-next:container/web/1
    stop:container/web/1: environment.REV changed
        after update:container/web/1
    start-next:container/web/1: environment.REV changed
        after stop:container/web/1
    remove:container/web/1: replaced
        after stop:container/web/1, start-next:container/web/1
    rename:container/web/1: takes its place
        after remove:container/web/1
    = container/db/1
    = network/default
  `,
)

golden(
  'a stopped container is started again, after what it needs',
  () => {
    const world = upWorld(web)
    const stopped = { state: 'exited', exitCode: 137 } as const
    return upText(web, {
      ...world,
      containers: [containerOf(web, 'db', { ...stopped }), containerOf(web, 'web', stopped)],
    })
  },
  `
    start:container/db/1: it exited with 137
    wait:container/db/1:service_healthy: until it is healthy
        after start:container/db/1
    start:container/web/1: it exited with 137
        after wait:container/db/1:service_healthy
    = network/default
  `,
)

golden(
  'a build that was asked for: the replacement hangs on whether the image comes out another',
  () => {
    const built = stackOf({ services: { app: { build: { context: '/lab' }, image: 'app:1' } } })
    return upText(built, upWorld(built), { build: true })
  },
  `
    build:image/app:1: a build was asked for
    create-next:container/app/1 if build:image/app:1.imageId differs: image app:1 is another one now
        after build:image/app:1
    update:container/app/1 if build:image/app:1.imageId differs: it must not come back by itself while it is replaced
        after create-next:container/app/1, build:image/app:1
    stop:container/app/1 if build:image/app:1.imageId differs: image app:1 is another one now
        after update:container/app/1, build:image/app:1
    start-next:container/app/1 if build:image/app:1.imageId differs: image app:1 is another one now
        after stop:container/app/1, build:image/app:1
    remove:container/app/1 if build:image/app:1.imageId differs: replaced
        after stop:container/app/1, start-next:container/app/1, build:image/app:1
    rename:container/app/1 if build:image/app:1.imageId differs: takes its place
        after remove:container/app/1, build:image/app:1
    = network/default
  `,
)

golden(
  'an interrupted replacement goes on where it stopped',
  () => {
    const world = upWorld(web)
    const old = containerOf(web, 'web')
    const labels = { ...containerOf(changed, 'web').labels, [OURS.replaces]: old.id }
    const next = containerOf(changed, 'web', { id: 'next', name: 'lab-web-1_next', state: 'created', labels })
    return upText(changed, { ...world, containers: [...world.containers, next] })
  },
  `
    update:container/web/1: it must not come back by itself while it is replaced
    stop:container/web/1: an interrupted recreate goes on
        after update:container/web/1
    start-next:container/web/1: an interrupted recreate goes on
        after stop:container/web/1
    remove:container/web/1: replaced
        after stop:container/web/1, start-next:container/web/1
    rename:container/web/1: takes its place
        after remove:container/web/1
    = container/db/1
    = network/default
  `,
)

golden(
  'an unfinished replacement that is wanted no more goes, and the old container stays',
  () => {
    const world = upWorld(web)
    const labels = { ...containerOf(changed, 'web').labels, [OURS.replaces]: containerOf(web, 'web').id }
    const next = containerOf(changed, 'web', { id: 'next', name: 'lab-web-1_next', state: 'created', labels })
    return upText(web, { ...world, containers: [...world.containers, next] })
  },
  `
    remove:container/web/1:next: an unfinished replacement of another revision
    = container/db/1
    = container/web/1
    = network/default
  `,
)

golden(
  'a replacement left alone under its temporary name gets its own',
  () => {
    const world = upWorld(web)
    const labels = { ...containerOf(web, 'web').labels, [OURS.replaces]: 'gone' }
    const alone = containerOf(web, 'web', { id: 'next', name: 'lab-web-1_next', labels })
    return upText(web, { ...world, containers: [containerOf(web, 'db'), alone] })
  },
  `
    rename:container/web/1:first: takes its place
    = container/db/1
    = network/default
  `,
)

golden(
  'a replica too many goes',
  () => {
    const world = upWorld(web)
    return upText(web, { ...world, containers: [...world.containers, containerOf(web, 'web', {}, 2)] })
  },
  `
    stop:container/web/2:id-web-2: one replica too many
    remove:container/web/2:id-web-2: one replica too many
        after stop:container/web/2:id-web-2
    = container/db/1
    = container/web/1
    = network/default
  `,
)

golden(
  'an orphan is mentioned, and removed only if that was asked for',
  () => {
    const before = stackOf({ services: { ...web.services, old: {} } })
    return upText(web, upWorld(before)) + upText(web, upWorld(before), { removeOrphans: true })
  },
  `
    = container/db/1
    = container/web/1
    = network/default
    ! orphans: not in the stack file any more: lab-old-1
    stop:container/old/1:id-old-1: its service is declared no more
    remove:container/old/1:id-old-1: its service is declared no more
        after stop:container/old/1:id-old-1
    = container/db/1
    = container/web/1
    = network/default
  `,
)

golden(
  'a tag that names another image now recreates what runs the old one',
  () => {
    const world = upWorld(web)
    return (
      upText(web, { ...world, images: [imageOf('db:1'), { ...imageOf('app:1'), id: 'sha256:newer' }] }).split(
        '\n',
      )[0] ?? ''
    )
  },
  'create-next:container/web/1: image app:1 is another one now',
)

test('a job that has done its work is left alone', () => {
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

test('what shares the network of a replaced service is replaced after it', () => {
  const stack = stackOf({ services: { vpn: { environment: { REV: '1' } }, app: { network_mode: 'service:vpn' } } })
  const next = stackOf({ services: { ...stack.services, vpn: { ...stack.services.vpn, environment: { REV: '2' } } } })
  const text = upText(next, upWorld(stack))
  assert.match(
    text,
    /create-next:container\/app\/1: shares what is recreated with vpn\n {4}after [^\n]*rename:container\/vpn\/1/,
  )
})

test('an image that is not there is pulled once, whoever needs it', () => {
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

test('a network of someone else is refused', () => {
  const world = upWorld(web)
  const foreign = world.networks.map((network) => ({ ...network, labels: {} }))
  const result = planUp(declared(web), { ...world, networks: foreign }, UP)
  assert.ok(!result.ok && result.diagnostics[0]?.code === 'foreign-resource')
})

test('naming an unknown service is an error', () => {
  const result = planUp(declared(web), emptyWorld(web), { ...UP, services: ['wbe'] })
  assert.ok(!result.ok && result.diagnostics[0]?.code === 'unknown-service')
})

test.run()
