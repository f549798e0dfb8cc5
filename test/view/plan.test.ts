import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Plan } from '../../src/plan/plan.ts'
import type { Step, Verb } from '../../src/plan/step.ts'
import type { Address } from '../../src/stack/address.ts'
import { paletteOf } from '../../src/view/palette.ts'
import { planData, planOutput } from '../../src/view/plan.ts'
import { golden } from './golden.ts'

const SECRET = 'swordfish-42'
const SENSITIVE = { values: new Set([SECRET]), paths: new Set<string>() }

function step(subject: Address, verb: Verb, cause: string, more: Partial<Step<unknown>> = {}): Step<unknown> {
  return {
    id: `${verb}:${subject}`,
    subject,
    verb,
    cause,
    after: [],
    action: { kind: 'x', env: [`PASSWORD=${SECRET}`] },
    ...more,
  }
}

const WEB: Address = 'container/web/1'

const PLAN: Plan<unknown> = {
  stack: 'lab',
  steps: [
    step('image/web', 'build', 'asked for by --build'),
    step(WEB, 'create', 'environment.REV changed', {
      changes: [
        { path: 'environment.REV', from: '1', to: '2' },
        { path: 'environment.PASSWORD', from: 'old', to: SECRET, secret: true },
        { path: 'command', from: ['a'], to: ['a', SECRET] },
      ],
      when: { output: 'build:image/web', field: 'imageId', differs: 'sha256:1' },
    }),
    step(WEB, 'stop', 'replaced'),
    step(WEB, 'remove', 'replaced'),
    step('container/db/1', 'create', 'not created yet'),
    step('container/db/1', 'start', 'not created yet'),
    step('container/db/1', 'wait', 'until it is healthy'),
    step('container/job/1', 'start', 'it exited with 1'),
    step('orphan/old', 'remove', 'no longer declared', { subject: 'orphan/old' }),
    step('volume/data', 'remove', 'asked for by --volumes', { risk: 'data-loss' }),
    step('network/default', 'create', 'not created yet'),
  ],
  unchanged: ['container/kept/1', 'network/other'],
  notes: [],
}

test('a plan is shown grouped, with causes, differences, conditions and a count', () => {
  golden(import.meta.dirname, 'plan.txt', planOutput(PLAN, paletteOf({ colours: 0 }), { sensitive: SENSITIVE }))
})

const text = (steps: Step<unknown>[]) =>
  planOutput({ ...PLAN, steps }, paletteOf({ colours: 0 }), { sensitive: SENSITIVE })

test('a replacement that an earlier command started is shown as one', () => {
  const steps = [
    step(WEB, 'stop', 'replaced'),
    step(WEB, 'start', 'an interrupted recreate goes on'),
    step(WEB, 'remove', 'replaced'),
    step(WEB, 'rename', 'takes the name over'),
  ]
  assert.is(text(steps), 'lab\n~ web-1  recreate: completing an interrupted recreate\n\nPlan: 1 to recreate\n')
})

test('steps for the case of a failure are neither shown nor counted', () => {
  const start = step(WEB, 'start', 'it exited with 1')
  const undo = step(WEB, 'remove', 'it failed', { phase: 'undo', after: [{ step: start.id, on: 'failure' }] })
  assert.is(text([start, undo]), 'lab\n~ web-1  start: it exited with 1\n\nPlan: 1 to start\n')
})

test('steps that only wait or judge are shown and not counted', () => {
  const pause = step('service/web', 'wait', 'delay between updates')
  const judge = step('service/api', 'check', 'at most 1 of 3 may fail')
  const shown = text([step(WEB, 'start', 'it exited with 1'), pause, judge])
  assert.match(shown, 'wait: delay between updates')
  assert.match(shown, 'check: at most 1 of 3 may fail')
  assert.match(shown, /^Plan: 1 to start$/m)
})

test('a change without values says that something changed', () => {
  const changes = [{ path: 'secrets./run/secrets/s', from: undefined, to: undefined, secret: true }]
  const shown = text([step(WEB, 'create', 'secrets changed', { changes })])
  assert.match(shown, 'secret s: content changed')
  assert.not.match(shown, 'none')
})

test('an empty plan says so', () => {
  const empty = { ...PLAN, steps: [] }
  assert.is(
    planOutput(empty, paletteOf({ colours: 0 }), { sensitive: SENSITIVE }),
    'lab\n\nPlan: nothing to do (1 container up to date)\n',
  )
})

test('as data, a plan is whole but for its secrets', () => {
  const data = planData(PLAN, { sensitive: SENSITIVE })
  const text = JSON.stringify(data)
  assert.not.match(text, SECRET)
  assert.not.match(text, '"old"')
  const { steps, ...rest } = data as Plan<unknown>
  assert.equal(rest, { stack: PLAN.stack, unchanged: PLAN.unchanged, notes: [] })
  assert.equal(
    steps.map(({ id }) => id),
    PLAN.steps.map(({ id }) => id),
  )
})

test.run()
