import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refreshPeriod } from '../../../../src/backend/docker/due-images.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { UP, type UpIntent } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { execute } from '../../../../src/execute/execute.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { type VirtualClock, virtualClock } from '../../../support/clock.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, stackOf } from '../../support.ts'

/** Policies that pull again after a time that the engine remembers. */
const HOUR = 3600_000
const DAY = 24 * HOUR
const calm = new AbortController().signal
const APP = { 'app:1': { cmd: ['run'] } }

const PERIODS: [policy: string, after: string | undefined, ms: number | undefined][] = [
  ['always', undefined, undefined],
  ['never', undefined, undefined],
  ['missing', undefined, undefined],
  ['if_not_present', undefined, undefined],
  ['build', undefined, undefined],
  ['missing', '1h', undefined],
  ['refresh', undefined, 0],
  ['refresh', '30m', HOUR / 2],
  ['daily', undefined, DAY],
  ['weekly', undefined, 7 * DAY],
  ['every_90s', undefined, 90_000],
  ['every_2h', undefined, 2 * HOUR],
  ['every_1d12h', undefined, 1.5 * DAY],
]

for (const [pull_policy, after, ms] of PERIODS)
  test(`${pull_policy} ${after ?? ''} is a period of ${ms ?? 'no'} ms`, () => {
    assert.is(refreshPeriod({ pull_policy, ...(after && { pull_refresh_after: after }) }), ms)
  })

interface Machine {
  engine: MemoryEngine
  clock: VirtualClock
}

/** What an up pulls, for which reason; it is carried out. */
async function pulledBy({ engine, clock }: Machine, stack: Stack, intent: Partial<UpIntent> = {}): Promise<string[]> {
  const backend = engineBackend(engine, {
    project: stack.name,
    contentOf: () => undefined,
    wallTime: () => clock.now(),
  })
  const observed = await backend.observe(stack, calm, { ...UP, ...intent })
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent: { ...UP, ...intent } }))
  const outcome = await execute(plan, backend.perform, { signal: calm, clock, emit: () => undefined })
  assert.equal(outcome.problems, [])
  return plan.steps.flatMap(({ id, action }) => (action.kind === 'pull-image' ? [id] : []))
}

function machine(images: Record<string, object>, registry = APP): Machine {
  const clock = virtualClock({ manual: false, limit: 100 * DAY })
  return { clock, engine: memoryEngine({ clock, images, registry }) }
}

const app = (service: Service) => stackOf({ services: { app: service } })

for (const [pull_policy, after, ms = 0] of PERIODS.filter(([, , period]) => period))
  test(`${pull_policy} ${after ?? ''} pulls when the last time is unknown or as long ago as that, not before`, async () => {
    const here = machine(APP)
    const stack = app({ pull_policy, ...(after && { pull_refresh_after: after }) })
    assert.equal(await pulledBy(here, stack), ['pull:image/app:1'])
    assert.equal(await pulledBy(here, stack), [])
    await here.clock.advance(ms - 1000)
    assert.equal(await pulledBy(here, stack), [])
    await here.clock.advance(1000)
    assert.equal(await pulledBy(here, stack), ['pull:image/app:1'])
    assert.equal(await pulledBy(here, stack), [])
  })

test('a missing image is pulled, and its time is recorded', async () => {
  const here = machine({})
  const stack = app({ pull_policy: 'daily' })
  assert.equal(await pulledBy(here, stack), ['pull:image/app:1'])
  assert.equal(await pulledBy(here, stack), [])
})

test('an image of fixed content, a built one, and one whose policy the user sets are not refreshed', async () => {
  const digest = `app@sha256:${'0'.repeat(64)}`
  const here = machine({ ...APP, [digest]: { cmd: ['run'] } })
  assert.equal(await pulledBy(here, app({ pull_policy: 'daily', image: digest })), [])
  assert.equal(await pulledBy(here, app({ pull_policy: 'daily', build: { context: '/lab' } })), [])
  assert.equal(await pulledBy(here, app({ pull_policy: 'daily' }), { pull: 'missing' }), [])
})

test('other policies leave the time of an image alone', async () => {
  const here = machine({})
  await pulledBy(here, app({ pull_policy: 'always' }))
  assert.not(here.engine.calls.some(({ method }) => method === 'tagImage'))
})

test('an image that is mounted is pulled first', async () => {
  const clock = virtualClock()
  const registry = { ...APP, 'data:1': { cmd: ['none'] } }
  const here = { clock, engine: memoryEngine({ clock, images: APP, registry, apiVersion: '1.48' }) }
  const stack = app({ volumes: [{ type: 'image', source: 'data:1', target: '/data' }] })
  assert.equal(await pulledBy(here, stack), ['pull:image/data:1'])
  assert.equal(await pulledBy(here, stack), [])
})

test.run()
