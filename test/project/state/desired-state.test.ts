import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DOWN, type Intent, REMOVE, UP } from '../../../src/backend/intent.ts'
import { Graph } from '../../../src/graph/graph.ts'
import type { Verb } from '../../../src/plan/step.ts'
import { desiredAfter, desiredAfterUp, isEnding } from '../../../src/project/state/desired-after.ts'
import {
  type DesiredState,
  isDesired,
  NOTHING_DESIRED,
  withOverride,
} from '../../../src/project/state/desired-state.ts'
import type { Address } from '../../../src/stack/address.ts'

const graph = new Graph<string>([
  ['db', []],
  ['web', ['db']],
  ['other', []],
])
const NAMES = ['db', 'other', 'web']
const declared = { graph }
const stop = (services: string[]): Intent => ({ kind: 'stop', services })
const isWanted = (desired: DesiredState, service: string, number = 1) => isDesired(desired, { service, number }, 1)

/** For each command, by what: what is wanted of each service afterwards, from nothing known; absent: nothing known. */
const COMMANDS: [string, Intent, Record<string, boolean>][] = [
  ['up', UP, { db: true, other: true, web: true }],
  ['up web', { ...UP, services: ['web'] }, { db: true, web: true }],
  ['up --no-deps web', { ...UP, services: ['web'], noDeps: true }, { web: true }],
  ['create', { ...UP, noStart: true }, {}],
  ['start web', { kind: 'start', services: ['web'], wait: false }, { db: true, web: true }],
  ['restart web', { kind: 'restart', services: ['web'], noDeps: false }, { web: true }],
  ['stop web', stop(['web']), { web: false }],
  ['stop', stop([]), { db: false, other: false, web: false }],
  ['stop web-1', { ...stop(['web']), only: ['container/web/1'] } as Intent, { web: false }],
  [
    'kill',
    { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: false },
    { db: false, other: false, web: false },
  ],
  ['kill -s HUP', { kind: 'kill', services: [], signal: 'SIGHUP', removeOrphans: false }, {}],
  ['pause', { kind: 'pause', services: [] }, {}],
  ['down', DOWN, {}],
  ['rm', REMOVE, {}],
  ['rm -s web', { ...REMOVE, services: ['web'], stop: true }, { web: false }],
]

for (const [name, intent, expected] of COMMANDS) {
  test(`${name}: what is wanted then`, () => {
    const desired = desiredAfter(NOTHING_DESIRED, intent, declared)
    const found = NAMES.flatMap((each) => {
      const wanted = isWanted(desired, each)
      return wanted === undefined ? [] : [[each, wanted]]
    })
    assert.equal(Object.fromEntries(found), expected)
    assert.equal(desiredAfter(desired, intent, declared), desired, 'a second time changes nothing')
  })
}

test('a command about a service counts more than what was learnt of its containers before, and less than what is learnt after', () => {
  const wanted = fc.constantFrom('running' as const, 'stopped' as const)
  fc.assert(
    fc.property(wanted, fc.integer({ min: 1, max: 3 }), fc.boolean(), (want, number, isUp) => {
      const place = { service: 'web', number }
      const intent = isUp ? { ...UP, scale: { web: 3 } } : stop([])
      const after = desiredAfter(withOverride(NOTHING_DESIRED, place, want), intent, declared)
      assert.is(isDesired(after, place, 1), isUp)
      assert.is(isDesired(withOverride(after, place, want), place, 1), want === 'running')
    }),
  )
})

test('scale says how many, until the next up; a down forgets it all', () => {
  const scaled = desiredAfter(NOTHING_DESIRED, { ...UP, services: ['web'], scale: { web: 3 } }, declared)
  assert.equal(
    [1, 2, 3, 4].map((number) => isWanted(scaled, 'web', number)),
    [true, true, true, false],
  )
  const stopped = desiredAfter(scaled, stop(['web']), declared)
  const started = desiredAfter(stopped, { kind: 'start', services: ['web'], wait: false }, declared)
  assert.is(isWanted(started, 'web', 3), true)
  assert.is(isWanted(desiredAfter(started, UP, declared), 'web', 3), false)
  assert.equal(desiredAfter(started, DOWN, declared), NOTHING_DESIRED)
  assert.is(isWanted(desiredAfter(started, { ...DOWN, services: ['web'] }, declared), 'db'), true)
})

test('an up that keeps other numbers than the lowest wants these to run, and not those that it removed', () => {
  const step = (verb: Verb, subject: Address) => ({
    id: subject + verb,
    verb,
    subject,
    cause: '',
    after: [],
    action: 0,
  })
  const gone = [1, 2].flatMap((number) => [
    step('stop', `container/web/${number}`),
    step('remove', `container/web/${number}`),
  ])
  const replaced = [step('create', 'container/db/1'), step('remove', 'container/db/1')]
  const unchanged: Address[] = ['container/web/3', 'network/x']
  const plan = { stack: 'lab', steps: [...gone, ...replaced], unchanged, notes: [] }
  const desired = desiredAfterUp(desiredAfter(NOTHING_DESIRED, { ...UP, scale: { web: 1 } }, declared), plan, () => 1)
  assert.equal(
    [1, 2, 3, 4].map((number) => isWanted(desired, 'web', number)),
    [false, false, true, false],
  )
  assert.is(isWanted(desired, 'db'), true)
  assert.equal(
    desiredAfterUp(desired, plan, () => 1),
    desired,
  )
})

test('signals that end programs, by name or number', () => {
  for (const signal of ['KILL', 'SIGTERM', 'sigint', '9', '15']) assert.ok(isEnding(signal), signal)
  for (const signal of ['HUP', 'SIGUSR1', '1', '28', '']) assert.not(isEnding(signal), signal)
})

test.run()
