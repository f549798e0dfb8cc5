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
    step('network/default', 'create', 'not there yet'),
  ],
  unchanged: ['container/kept/1', 'network/other'],
  notes: [],
}

test('a plan is shown grouped, with causes, differences, conditions and a count', () => {
  golden(import.meta.dirname, 'plan.txt', planOutput(PLAN, paletteOf({ colours: 0 }), SENSITIVE))
})

test('an empty plan says so', () => {
  const empty = { ...PLAN, steps: [] }
  assert.is(
    planOutput(empty, paletteOf({ colours: 0 }), SENSITIVE),
    'lab\n\nPlan: nothing to do (1 container up to date)\n',
  )
})

test('as data, a plan is whole but for its secrets', () => {
  const data = planData(PLAN, SENSITIVE)
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
