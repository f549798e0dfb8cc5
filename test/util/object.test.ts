import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { groupBy, isEmpty, isMapping } from '../../src/util/object.ts'
import { splitOnce } from '../../src/util/text.ts'

test('groups hold every item once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (items) => {
      const groups = groupBy(items, (each) => each % 3)
      for (const [key, group] of groups)
        assert.equal(
          group,
          items.filter((each) => each % 3 === key),
        )
      assert.is([...groups.values()].flat().length, items.length)
    }),
  )
})

test('a text is its two parts with the separator between, if that is in it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (text, separator) => {
      const [head, tail] = splitOnce(text, separator)
      assert.is(text.includes(separator) ? head + separator + tail : head, text)
    }),
  )
})

test('numbers, texts and false are not empty; lists are no mappings', () => {
  assert.equal([0, '', false].map(isEmpty), [false, false, false])
  assert.equal([null, undefined, [], {}].map(isEmpty), [true, true, true, true])
  assert.equal([[], null, 'a', {}].map(isMapping), [false, false, false, true])
})

test.run()
