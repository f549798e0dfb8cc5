import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planBuilder } from '../../src/plan/builder.ts'

const step = (id: string, after: string[]) =>
  ({ id, subject: 'service/x', verb: 'start', cause: '', after, action: {} }) as const

test('steps come after what they come after, in whatever order they were added', () => {
  const numbers = fc.array(fc.tuple(fc.nat(20), fc.array(fc.nat(20), { maxLength: 4 })), { maxLength: 20 })
  fc.assert(
    fc.property(numbers, (drafts) => {
      const builder = planBuilder<object>()
      // Only edges to smaller numbers: no circles.
      for (const [id, after] of drafts) builder.add(step(`${id}`, after.filter((each) => each < id).map(String)))
      const seen = new Set<string>()
      for (const each of builder.finish('s').steps) {
        assert.ok(each.after.every((after) => seen.has(after.step)))
        seen.add(each.id)
      }
      assert.is(seen.size, new Set(drafts.map(([id]) => id)).size)
    }),
  )
})

test('edges to steps that are not planned are dropped', () => {
  const builder = planBuilder<object>()
  builder.add(step('b', ['never planned']))
  assert.equal(builder.finish('s').steps[0]?.after, [])
})

test('a circle is a bug of the planner', () => {
  const builder = planBuilder<object>()
  builder.add(step('a', ['b']))
  builder.add(step('b', ['a']))
  assert.throws(() => builder.finish('s'), /comes after itself/)
})

test.run()
