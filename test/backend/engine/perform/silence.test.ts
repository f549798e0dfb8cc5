import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { withoutMarks } from '../../../../src/diagnostics/foreign.ts'
import type { Engine } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import { execute } from '../../../../src/execute/execute.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, stackOf } from '../../support.ts'
import { eventsOfUp } from '../carry-out.ts'

/** An engine that is there and does not answer. Times are virtual. */
const IMAGES = { 'app:1': {}, 'db:1': { passesAfter: 60_000 }, 'slow:1': { ignoresStop: true } }
const db = { image: 'db:1', healthcheck: { test: ['CMD', 'true'] } }
const web = { depends_on: { db: { condition: 'service_healthy' as const, required: true } } }

/** Brings a stack up while one call is never answered, and interrupts some time after that was reported for the first time. */
async function upWithout(hung: keyof Engine, interruptAfter = 25_000) {
  const memory = memoryEngine({ images: IMAGES })
  const backend = engineBackend(
    { ...memory, [hung]: () => new Promise(() => undefined) },
    { project: 'lab', contentOf: () => undefined },
  )
  const stack = stackOf({ services: { db, web } })
  const stop = new AbortController()
  const observed = await engineBackend(memory, { project: 'lab', contentOf: () => undefined }).observe(
    stack,
    stop.signal,
  )
  const events: RunEvent[] = []
  const emit = (event: RunEvent) => {
    events.push(event)
    if (isSilence(event) && silences(events).length === 1)
      void memory.clock.sleep(interruptAfter).then(() => stop.abort(new Error('interrupted by the user')))
  }
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent: UP }))
  const outcome = await execute(plan, backend.perform, { signal: stop.signal, clock: memory.clock, emit })
  return { events, outcome, ended: memory.clock.now() }
}

function isSilence(event: RunEvent): boolean {
  return event.type === 'step-progress' && event.text.startsWith('no answer from the engine')
}

function silences(events: RunEvent[]): RunEvent[] {
  return events.filter(isSilence)
}

for (const hung of ['createNetwork', 'createContainer', 'startContainer', 'inspectContainer', 'events'] as const) {
  test(`an unanswered ${hung} is reported after ten seconds, again while it lasts, and can be given up`, async () => {
    const { events, outcome, ended } = await upWithout(hung)
    const [first, ...later] = silences(events)
    assert.ok(first && first.at >= 10_000 && first.at <= 11_000, `${first?.at}`)
    assert.ok(later.length >= 2, `${later.length}`)
    assert.not(outcome.ok)
    assert.equal([...new Set(outcome.problems.map((each) => each.code))], ['interrupted'])
    assert.ok(ended <= first.at + 36_000, `${ended}`)
  })
}

test('pulls, health tests and grace periods do not count as silence', async () => {
  const memory = memoryEngine({ images: IMAGES, registry: { 'far:1': {} } })
  const pullImage: Engine['pullImage'] = async (reference, options) => {
    await memory.clock.sleep(300_000, options.signal)
    return memory.pullImage(reference, options)
  }
  const engine = { ...memory, pullImage }
  const slow = { image: 'slow:1', stop_grace_period: '45s' }
  await eventsOfUp(engine, stackOf({ services: { slow } }))
  const next = { ...slow, environment: { REV: '2' } }
  const stack = stackOf({ services: { db, web, far: { image: 'far:1' }, slow: next } })
  const events = await eventsOfUp(engine, stack)
  assert.ok(memory.clock.now() > 300_000)
  assert.ok(events.some((event) => event.type === 'end' && event.ok))
  assert.equal(silences(events), [])
})

test("the engine's warnings about a container are reported with the name of its service", async () => {
  const ofTheCall =
    'The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.'
  const engine = memoryEngine({ images: { 'app:1': { warnings: [ofTheCall, 'Memory limited without swap.'] } } })
  const events = await eventsOfUp(engine, stackOf({ services: { web: {} } }))
  const reported = events.flatMap((event) =>
    event.type === 'step-warning' ? [{ ...event.problem, message: withoutMarks(event.problem.message) }] : [],
  )
  assert.equal(reported, [
    { severity: 'warning', code: 'engine-warning', message: 'web: Memory limited without swap.' },
  ])
  assert.ok(events.some((event) => event.type === 'end' && event.ok))
})

test.run()
