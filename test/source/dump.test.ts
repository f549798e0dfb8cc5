import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { dumpYaml } from '../../src/source/dump.ts'
import { parseYaml } from '../../src/source/parse.ts'
import { toData } from '../../src/source/tree.ts'

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

test('long lines stay whole', () => {
  assert.is(dumpYaml({ long: 'x '.repeat(200).trim() }).split('\n').length, 2)
})

function roundTrip(data: unknown): unknown {
  return toData(unwrap(parseYaml(dumpYaml(data), 'printed.yaml')))
}

test.run()
