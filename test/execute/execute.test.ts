import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../src/execute/event.ts'
import { execute } from '../../src/execute/execute.ts'
import type { StepContext, StepOutput } from '../../src/execute/step-context.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { After, Step, When } from '../../src/plan/step.ts'
import { Board } from '../../src/view/progress/board.ts'

interface Deed {
  fails?: boolean
  output?: StepOutput
}
type Act = (deed: Deed, scope: StepContext) => Promise<StepOutput>

const obey: Act = async ({ fails, output }) => {
  await Promise.resolve()
  if (fails) throw new Error('expected failure')
  return output ?? {}
}

function step(id: string, after: (string | After)[], action: Deed = {}, when?: When): Step<Deed> {
  const edges = after.map((each) => (typeof each === 'string' ? ({ step: each, on: 'success' } as const) : each))
  return { id, subject: 'service/x', verb: 'start', cause: 'test', after: edges, action, ...(when && { when }) }
}

async function run(steps: Step<Deed>[], act: Act = obey, signal = new AbortController().signal, parallel?: number) {
  const events: RunEvent[] = []
  const plan: Plan<Deed> = { stack: 's', steps, unchanged: [], notes: [] }
  let tick = 0
  const clock = { now: () => tick++, sleep: () => Promise.resolve() }
  const outcome = await execute(plan, act, { signal, clock, emit: (event) => events.push(event), parallel })
  const idsOf = (type: RunEvent['type']) =>
    events.flatMap((event) => (event.type === type && 'step' in event ? [event.step] : []))
  return {
    outcome,
    events,
    started: idsOf('step-start'),
    done: idsOf('step-done'),
    failed: idsOf('step-fail'),
    skipped: idsOf('step-skip'),
  }
}

/** Random acyclic plans: edges lead to earlier steps only. */
const plans = fc
  .array(fc.record({ after: fc.array(fc.nat(30), { maxLength: 3 }), fails: fc.boolean() }), { maxLength: 15 })
  .map((drafts) =>
    drafts.map(({ after, fails }, i) =>
      step(`${i}`, [...new Set(after)].filter((each) => each < i).map(String), { fails: fails && i % 3 === 0 }),
    ),
  )

test('a step starts only after the steps that it comes after are done', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (steps) => {
      const { events } = await run(steps)
      const done = new Set<string>()
      for (const event of events) {
        if (event.type === 'step-done') done.add(event.step)
        if (event.type !== 'step-start') continue
        const after = steps.find((each) => each.id === event.step)?.after ?? []
        assert.ok(after.every((each) => done.has(each.step)))
      }
    }),
  )
})

test('a law: a view counts the steps that the outcome counts as done, however the run ends', async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.nat(30), async (steps, abortAt) => {
      const controller = new AbortController()
      let acts = 0
      const act: Act = (deed, scope) => {
        if (++acts === abortAt) controller.abort()
        return obey(deed, scope)
      }
      const { outcome, events } = await run(steps, act, controller.signal)
      const board = new Board(events[0] as Extract<RunEvent, { type: 'plan' }>)
      for (const event of events) board.apply(event)
      const { done, failed, skipped } = outcome
      assert.equal(board.counts, { done, needed: done + failed + skipped })
    }),
  )
})

test('with a limit no more steps than that are under way, waits apart, and the outcome is the same', async () => {
  const waiting = fc.tuple(
    plans,
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
  )
  await fc.assert(
    fc.asyncProperty(waiting, async ([all, limit, waits]) => {
      const steps = all.map((each, at) => (waits[at] ? { ...each, verb: 'wait' as const } : each))
      const { outcome, events } = await run(steps, obey, undefined, limit)
      const limited = new Set(steps.filter(({ verb }) => verb !== 'wait').map(({ id }) => id))
      let underWay = 0
      for (const event of events) {
        if (!('step' in event) || !limited.has(event.step)) continue
        if (event.type === 'step-start') underWay++
        if (event.type === 'step-done' || event.type === 'step-fail') underWay--
        assert.ok(underWay <= limit)
      }
      assert.equal({ ...outcome, problems: [] }, { ...(await run(steps)).outcome, problems: [] })
    }),
  )
})

test('the last event says whether the caller looks again, which the outcome decides', async () => {
  const endsOf = async (fails: boolean) => {
    const events: RunEvent[] = []
    const plan: Plan<Deed> = { stack: 's', steps: [step('a', [], { fails })], unchanged: [], notes: [] }
    const clock = { now: () => 0, sleep: () => Promise.resolve() }
    const { signal } = new AbortController()
    await execute(plan, obey, { signal, clock, emit: (event) => events.push(event), again: ({ ok }) => !ok })
    return events.flatMap((event) => (event.type === 'end' ? [event.again ?? false] : []))
  }
  assert.equal([await endsOf(true), await endsOf(false)], [[true], [false]])
})

test('whatever comes after a failure is skipped, everything else is done', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (steps) => {
      const { done, failed, skipped, outcome } = await run(steps)
      const doomed = new Set<string>()
      for (const each of steps)
        if (each.after.some(({ step: id }) => doomed.has(id) || failed.includes(id))) doomed.add(each.id)
      assert.equal(new Set(skipped), doomed)
      assert.is(done.length + failed.length + skipped.length, steps.length)
      assert.is(outcome.ok, failed.length === 0)
    }),
  )
})

test('every skip of a failure names a step that failed', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (steps) => {
      const { events, failed } = await run(steps)
      for (const event of events) if (event.type === 'step-skip') assert.ok(failed.includes(event.cause ?? ''))
    }),
  )
})

test('steps without an order between them run at the same time', async () => {
  let under = 0
  let most = 0
  await run([step('a', []), step('b', []), step('c', [])], async () => {
    most = Math.max(most, ++under)
    await new Promise((resolve) => setImmediate(resolve))
    under--
    return {}
  })
  assert.is(most, 3)
})

test('a condition on an output decides, and an unneeded step counts as done', async () => {
  const image = { output: 'build', field: 'imageId' }
  const steps = (built: string) => [
    step('build', [], { output: { imageId: built } }),
    step('replace', ['build'], {}, { ...image, differs: 'old' }),
    step('keep', ['build'], {}, { ...image, equals: 'old' }),
    step('then', ['replace', 'keep']),
  ]
  assert.equal((await run(steps('old'))).done, ['build', 'keep', 'then'])
  assert.equal((await run(steps('new'))).done, ['build', 'replace', 'then'])
})

test('steps for the case of a failure run in that case only', async () => {
  const steps = (fails: boolean) => [
    step('start', [], { fails }),
    step('roll back', [{ step: 'start', on: 'failure' }]),
  ]
  assert.equal((await run(steps(true))).done, ['roll back'])
  assert.equal((await run(steps(false))).skipped, ['roll back'])
})

test('the undo of several steps runs if any of them failed or was skipped', async () => {
  const undo = [
    { step: 'a', on: 'failure' },
    { step: 'c', on: 'failure' },
  ] as const
  const { done } = await run([step('a', []), step('b', [], { fails: true }), step('c', ['b']), step('undo', [...undo])])
  assert.equal(done, ['a', 'undo'])
})

test('steps that may fail are only waited for', async () => {
  const { done } = await run([step('a', [], { fails: true }), step('b', [{ step: 'a', on: 'settled' }])])
  assert.equal(done, ['b'])
})

test('later steps see the outputs of earlier ones', async () => {
  const seen: unknown[] = []
  await run([step('a', [], { output: { containerId: 'c1' } }), step('b', ['a'])], async (deed, scope) => {
    seen.push(scope.outputOf('a').containerId)
    return deed.output ?? {}
  })
  assert.equal(seen, [undefined, 'c1'])
})

test('an interrupt starts nothing more', async () => {
  const stop = new AbortController()
  const { started, events, outcome } = await run(
    [step('a', []), step('b', ['a']), step('c', ['b'])],
    async () => {
      stop.abort()
      return {}
    },
    stop.signal,
  )
  assert.equal(started, ['a'])
  assert.not(outcome.ok)
  assert.equal(
    events.flatMap((event) => (event.type === 'step-skip' ? [event.reason] : [])),
    ['interrupted', 'interrupted'],
  )
})

test.run()
