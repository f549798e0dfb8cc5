import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import type { ContainerSummary } from '../../../../src/docker/port.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { stackOf } from '../../support.ts'
import { containerOf, imageOf, upText, upWorld } from '../world.ts'

/** Which containers stay when a service is scaled down. */
const revision = (rev: string, scale: number): Stack =>
  stackOf({ services: { a: { environment: { REV: rev }, scale } } })

interface Standing {
  number: number
  isCurrent?: boolean
  changes?: Partial<ContainerSummary>
}

const standing = ({ number, isCurrent = true, changes = {} }: Standing) =>
  containerOf(revision(isCurrent ? '2' : '1', 1), 'a', changes, number)

function plan(stack: Stack, containers: ContainerSummary[]): string {
  return upText(stack, { ...upWorld(stack), containers })
}

/** The numbers that are left alone, and those that are removed without a replacement. */
function fate(text: string): { kept: number[]; removed: number[] } {
  const numbers = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, number]) => Number(number)).sort()
  return { kept: numbers(/^= container\/a\/(\d+)$/gm), removed: numbers(/remove:container\/a\/(\d+):\S+: /g) }
}

test('of outdated and current containers the outdated go, and the current ones stay untouched', () => {
  const containers = [1, 2, 3, 4].map((number) => standing({ number, isCurrent: number > 2 }))
  assert.equal(fate(plan(revision('2', 2), containers)), { kept: [3, 4], removed: [1, 2] })
})

test('a law: what stays is as declared before changed, then in the better state, then of the lower number; and then nothing is left to do', () => {
  const states: Partial<ContainerSummary>[] = [
    { state: 'exited', exitCode: 1 },
    { state: 'paused' },
    { state: 'running', health: 'unhealthy' },
    { state: 'running' },
  ]
  const each = fc.record({ isCurrent: fc.boolean(), state: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(each, { minLength: 2, maxLength: 5 }), fc.nat(2), (drafts, count) => {
      const all = drafts.map((draft, i) => ({ ...draft, number: i + 1 }))
      const containers = all.map(({ number, isCurrent, state }) =>
        standing({ number, isCurrent, changes: states[state] ?? {} }),
      )
      const rank = (draft: (typeof all)[number]) => (draft.isCurrent ? 10 : 0) + draft.state
      const best = [...all].sort((a, b) => rank(b) - rank(a) || a.number - b.number).slice(0, count)
      const { removed } = fate(plan(revision('2', count), containers))
      const expected = all.filter((draft) => !best.includes(draft)).map(({ number }) => number)
      assert.equal(removed, expected)
    }),
  )
})

test('one whose image is another one by now is outdated too', () => {
  const old = { imageId: 'sha256:before' }
  const containers = [standing({ number: 1, changes: old }), standing({ number: 2 })]
  const stack = revision('2', 1)
  const text = upText(stack, { ...upWorld(stack), containers, images: [imageOf('app:1')] })
  assert.equal(fate(text), { kept: [2], removed: [1] })
})

test('the numbers that stay are complete: the next up does nothing, and a larger scale fills the lowest gaps', () => {
  const containers = [3, 4].map((number) => standing({ number }))
  assert.equal(fate(plan(revision('2', 2), containers)), { kept: [3, 4], removed: [] })
  const text = plan(revision('2', 4), containers)
  assert.equal(fate(text), { kept: [3, 4], removed: [] })
  for (const number of [1, 2]) assert.match(text, `create:container/a/${number}: not created yet`)
})

test('a service whose first container others live in keeps that one', () => {
  const stack = (rev: string, scale: number) =>
    stackOf({ services: { a: { environment: { REV: rev }, scale }, guest: { network_mode: 'service:a' } } })
  const containers = [containerOf(stack('1', 1), 'a', {}, 1), containerOf(stack('2', 1), 'a', {}, 2)]
  const text = plan(stack('2', 1), containers)
  assert.match(text, 'create-next:container/a/1')
  assert.equal(fate(text).removed, [2])
})

test('none is left where none is wanted, and a single one of a container_name is found by any number', () => {
  const containers = [1, 2].map((number) => standing({ number }))
  assert.equal(fate(plan(revision('2', 0), containers)), { kept: [], removed: [1, 2] })
  const named = stackOf({ services: { a: { container_name: 'mine' } } })
  const second = containerOf(named, 'a', {}, 2)
  assert.is(second.labels[COMPOSE.number], '2')
  assert.equal(fate(plan(named, [second])), { kept: [2], removed: [] })
})

test.run()
