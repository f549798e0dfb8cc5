import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { offsetOf, positionAt, source, spanBetween } from '../../src/yaml/lines.ts'

const texts = fc.array(fc.constantFrom('a', 'é', ' ', '\n', '\r\n', '\r', '😀')).map((parts) => parts.join(''))

test('line and column lead back to the offset', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const from = source(text, 'f')
      for (let offset = 0; offset <= text.length; offset++) {
        const { line, col } = positionAt(from, offset)
        assert.is(offsetOf(from, line, col), offset)
      }
    }),
  )
})

test('lines are what lies between line breaks of any kind', () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.is(source(text, 'f').lineStarts.length, text.split(/\r\n|\r|\n/).length)
    }),
  )
})

test('a span counts from 1 and ends behind its last character', () => {
  assert.equal(spanBetween(source('ab\ncd', 'f'), 1, 5), { file: 'f', line: 1, col: 2, endLine: 2, endCol: 3 })
})

test.run()
