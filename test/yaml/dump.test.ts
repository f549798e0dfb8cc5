import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { dumpYaml } from '../../src/yaml/dump.ts'
import { naturally } from '../../src/yaml/natural-order.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { toData } from '../../src/yaml/tree.ts'

const TRICKY = [
  'yes',
  'no',
  'on',
  'y',
  '~',
  'null',
  'true',
  '0755',
  '0o17',
  '0x1F',
  '1e3',
  '1_000',
  '12:30:45',
  '2001-01-01',
  '.5',
  '.inf',
  '',
  ' x',
  'a: b',
  '#c',
  '- d',
  '&a',
  '*a',
  '!t',
  '%p',
  '@x',
  '`x',
  '<<',
  '=',
  '?',
  "it's",
  '"q"',
  'a\nb\n',
  '\ttab',
  'é☃',
  '\u2028',
]

for (const text of TRICKY) {
  test(`${JSON.stringify(text)} comes back as the same string, also as a key`, () => {
    const data = { [text === '<<' || text === '' ? 'key' : text]: text, list: [text] }
    assert.equal(roundTrip(data), data)
  })
}

test('whatever is printed is read back as the same data', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(...TRICKY))
  const name = fc.string({ minLength: 1 }).filter((key) => key !== '__proto__' && key !== '<<')
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  fc.assert(fc.property(value, (data) => JSON.stringify(roundTrip({ data })) === JSON.stringify({ data })))
})

/** As `docker compose config` 2.40 prints them. */
const STYLES: [data: unknown, text: string][] = [
  ['plain', 'plain'],
  ['a: b', "'a: b'"],
  ["it's: x", "'it''s: x'"],
  ["it's", "it's"],
  ['*', "'*'"],
  ['@every 1m', "'@every 1m'"],
  ['{{.Node.ID}}', "'{{.Node.ID}}'"],
  ['trailing ', "'trailing '"],
  ['a #b', "'a #b'"],
  ['a#b', 'a#b'],
  ['image:', "'image:'"],
  [':a', ':a'],
  ['-', "'-'"],
  ['--x', '--x'],
  ['---', "'---'"],
  ['true', '"true"'],
  ['y', '"y"'],
  ['', '""'],
  ['1e3', '"1e3"'],
  ['0x1F', '"0x1F"'],
  ['1:30', '"1:30"'],
  ['2024-01-01', '"2024-01-01"'],
  ['tab\tx', '"tab\\tx"'],
  ['é ☃', 'é ☃'],
  ['☃ 😀', '"☃ \\U0001F600"'],
  ['\u001b[0m', '"\\e[0m"'],
  ['a\nb', '|-\n  a\n  b'],
  ['a\nb\n', '|\n  a\n  b'],
  ['a\n\n', '|+\n  a\n'],
  ['\na\n', '|2\n\n  a'],
  [[], '[]'],
  [{}, '{}'],
  [null, 'null'],
  [0.5, '0.5'],
]

for (const [data, text] of STYLES) {
  test(`${JSON.stringify(data)} is written in the style of go-yaml`, () => {
    assert.is(dumpYaml({ key: data }), `key: ${text}\n`)
    assert.equal(roundTrip({ key: data }), { key: data })
  })
}

test('mappings and lists nest as in go-yaml', () => {
  const data = { a: [{ b: 1, c: [2, [3, 4]] }, 'x\ny', {}], d: { e: { f: [] } } }
  const text =
    'a:\n  - b: 1\n    c:\n      - 2\n      - - 3\n        - 4\n  - |-\n    x\n    y\n  - {}\nd:\n  e:\n    f: []\n'
  assert.is(dumpYaml(data), text)
  assert.equal(roundTrip(data), data)
})

test('keys are ordered as go-yaml orders them', () => {
  const keys = ['_z', 'B', 'a-b', 'a.b', 'a2', 'a01', 'a10', 'a1b', 'aB', 'a_b']
  assert.equal([...keys].sort(naturally), ['_z', 'B', 'a-b', 'a.b', 'a_b', 'a1b', 'a01', 'a2', 'a10', 'aB'])
})

test('long lines stay whole', () => {
  assert.is(dumpYaml({ long: 'x '.repeat(200).trim() }).split('\n').length, 2)
})

function roundTrip(data: unknown): unknown {
  return toData(unwrap(parseYaml(dumpYaml(data), 'printed.yaml')))
}

test('a Map keeps keys that are numbers in their place', () => {
  const data = new Map([
    ['b', 1],
    ['10', 2],
    ['9', 3],
  ])
  assert.is(dumpYaml({ key: [data] }), 'key:\n  - b: 1\n    "10": 2\n    "9": 3\n')
})

test.run()
