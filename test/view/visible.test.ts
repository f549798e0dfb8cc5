import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { visible } from '../../src/view/visible.ts'

test('control characters are pictures, everything else stays, and no length changes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(text)
      assert.is(shown.length, text.length)
      for (const [index, each] of [...text].entries()) {
        const isControl = /\p{Cc}/u.test(each) && !'\t\n\r'.includes(each)
        assert.is([...shown][index] === each, !isControl)
      }
    }),
  )
  assert.is(visible('\u001b[31mred\u0007\u007f'), '␛[31mred␇␡')
})

test.run()
