import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clip, padEnd, padStart, widthOf } from '../../src/view/width.ts'

const WIDTHS: [text: string, width: number][] = [
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['한글', 4],
  ['ｆｕ', 4],
  ['😀', 2],
  ['👩‍👩‍👧', 2],
  ['…', 1],
  ['\u001b[31mred\u001b[39m', 3],
  ['a\u200db', 2],
]

for (const [text, width] of WIDTHS)
  test(`${JSON.stringify(text)} is ${width} wide`, () => assert.is(widthOf(text), width))

const TEXT = fc
  .array(fc.constantFrom('a', ' ', '日', 'e\u0301', '😀', '\u001b[31m', '\u001b[39m'), { maxLength: 20 })
  .map((all) => all.join(''))

test('a clipped text fits, and one that fits is not touched', () => {
  fc.assert(
    fc.property(TEXT, fc.nat(30), (text, columns) => {
      const clipped = clip(text, columns)
      assert.ok(widthOf(clipped) <= columns)
      if (widthOf(text) <= columns) assert.is(clipped, text)
      else if (columns > 0) assert.match(clipped, '…')
    }),
  )
})

test('padding fills up to the width and takes nothing away', () => {
  fc.assert(
    fc.property(TEXT, fc.nat(30), (text, columns) => {
      for (const padded of [padEnd(text, columns), padStart(text, columns)]) {
        assert.is(widthOf(padded), Math.max(columns, widthOf(text)))
        assert.ok(padded.includes(text))
      }
    }),
  )
})

test.run()
