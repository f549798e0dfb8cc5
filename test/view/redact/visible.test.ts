import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonText, oneLine, visible } from '../../../src/view/redact/visible.ts'

test('control characters are pictures, everything else stays, and no length changes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(text)
      assert.is(shown.length, text.length)
      const characters = [...text]
      for (const [index, each] of characters.entries()) {
        const endsLine = each === '\r' && characters[index + 1] === '\n'
        const isControl = /[\p{Cc}\p{Bidi_Control}]/u.test(each) && !'\t\n'.includes(each) && !endsLine
        assert.is([...shown][index] === each, !isControl)
      }
    }),
  )
  assert.is(visible('\u001b[31mred\u0007\u007f'), '␛[31mred␇␡')
  assert.is(visible('user\u202Enimda'), 'user\uFFFDnimda')
})

test('a name stays on its line', () => {
  assert.is(oneLine('a\nb\tc\r\nd\re'), 'a b c d␍e')
})

test('JSON without control characters means the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = jsonText({ text })
      assert.not.match(shown, /[\p{Cc}\p{Bidi_Control}]/u)
      assert.equal(JSON.parse(shown), { text })
    }),
  )
})

test.run()
