import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resolvePlain } from '../../src/yaml/scalars.ts'
import type { ScalarValue } from '../../src/yaml/tree.ts'

// What `docker compose config` (2.40) makes of the same characters.
const cases: [string, ScalarValue][] = [
  ['', null],
  ['~', null],
  ['Null', null],
  ['nULL', 'nULL'],
  ['true', true],
  ['FALSE', false],
  ['yes', 'yes'],
  ['on', 'on'],
  ['n', 'n'],
  ['0', 0],
  ['-12', -12],
  ['+5', 5],
  ['0755', 493],
  ['00', 0],
  ['-017', -15],
  ['089', 89],
  ['0o17', 15],
  ['0x1F', 31],
  ['-0xa', -10],
  ['0b101', 5],
  ['0x', '0x'],
  ['0xg', '0xg'],
  ['1_000', 1000],
  ['_1', '_1'],
  ['1.10', 1.1],
  ['.5', 0.5],
  ['1.', 1],
  ['1e3', 1000],
  ['1.5E-2', 0.015],
  ['1e', '1e'],
  ['.', '.'],
  ['-', '-'],
  ['+', '+'],
  ['1.2.3', '1.2.3'],
  ['22:22', '22:22'],
  ['127.0.0.1:80', '127.0.0.1:80'],
  ['2024-01-01', '2024-01-01'],
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.Inf', Number.NEGATIVE_INFINITY],
  ['.NaN', Number.NaN],
  ['nan', 'nan'],
]

test('plain scalars mean what docker compose takes them for', () => {
  for (const [text, value] of cases) assert.ok(Object.is(resolvePlain(text), value), `${text} -> ${resolvePlain(text)}`)
})

test('every number that JavaScript writes is read back', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      assert.is(resolvePlain(JSON.stringify(value)), JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('no text makes it throw, and a text that is not a number stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const value = resolvePlain(text)
      if (typeof value === 'string') assert.is(value, text)
    }),
  )
})

test.run()
