import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Outline } from '../../src/stack/outline.ts'

const KEYS: readonly [text: string, above: string[]][] = [
  ['services:\n  web:\n    environment:\n      A: b', ['environment', 'web', 'services']],
  ['a:\n  - b: c\n    d: e', ['a']],
  ['a:\n- b', ['a']],
  ['a:\n- b:\n  - c\n  - d', ['b', 'a']],
  ['a:\n\tb:\n\t\tc: d', ['b', 'a']],
  ['a:\n  # b:\n\n  c: d', ['a']],
  ['a:\n  b:\n    c:\n  d:\n    # e', ['d', 'a']],
]
for (const [text, above] of KEYS) {
  test(`keys above the last line of ${JSON.stringify(text)}`, () => {
    const outline = Outline.of(text)
    assert.equal(outline.keysAbove(outline.lines.length - 1), above)
  })
}

const line = fc
  .tuple(fc.nat(4), fc.constantFrom('a:', '- b:', '- - c:', '-', '', '# d:', 'e: f', '"g": |', '\th:'))
  .map(([column, text]) => ' '.repeat(column) + text)

test('the order in which lines are asked for means nothing', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const forwards = new Outline(lines)
      for (const at of lines.keys()) {
        assert.equal(forwards.keysAbove(at), new Outline(lines.slice(0, at + 1)).keysAbove(at))
      }
    }),
  )
})

test('a line has the keys of the nearest line with less indentation, and that one', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const outline = new Outline(lines)
      const isDash = (at: number) => /^\s*-(\s|$)/.test(lines[at] ?? '')
      const columnOf = (at: number) => (lines[at] ?? '').replaceAll('\t', '    ').search(/\S|$/)
      const isAbove = (at: number, below: number) =>
        columnOf(at) < columnOf(below) || (columnOf(at) === columnOf(below) && isDash(below) && !isDash(at))
      for (const index of lines.keys()) {
        const above = [...lines.keys()]
          .slice(0, index)
          .filter((at) => !/^\s*(#|$)/.test(lines[at] ?? '') && isAbove(at, index))
          .at(-1)
        const found = outline.keysAbove(index)
        if (above === undefined) assert.equal(found, [])
        else assert.equal(found.slice(-outline.keysAbove(above).length || Infinity), outline.keysAbove(above))
      }
    }),
  )
})

test('lines are read once, however many are asked for', () => {
  const lines = ['services:', ...Array.from({ length: 2000 }, (_, at) => `  s${at}: x`)]
  let reads = 0
  const counted = new Proxy(lines, {
    get: (target, key, receiver) => {
      reads++
      return Reflect.get(target, key, receiver)
    },
  })
  const outline = new Outline(counted)
  for (const at of lines.keys()) outline.keysAbove(at)
  assert.ok(reads <= 10 * lines.length, `${reads}`)
})

test.run()
