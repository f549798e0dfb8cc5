import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { whyNot } from '../../../../src/backend/engine/database/verdict.ts'
import {
  type Product,
  releaseName,
  type ServerVersion,
  versionIn,
} from '../../../../src/backend/engine/database/version.ts'

const PRODUCTS = { p: 'PostgreSQL', m: 'MySQL', a: 'MariaDB' } as const

function version(text: string): ServerVersion {
  const [kind = 'p', number = ''] = text.split(' ')
  return versionIn(PRODUCTS[kind as 'p'], number) ?? { product: 'PostgreSQL', numbers: [] }
}

/** Data, image, whether the server may start on them; the manuals' own examples where they have some. */
const CASES: [string, string, boolean][] = [
  ['p 16', 'p 16.4', true],
  ['p 16', 'p 17.2', false],
  ['p 17', 'p 16', false],
  ['p 9.6', 'p 9.6.24', true],
  ['p 9.5', 'p 9.6', false],
  ['p 9.6', 'p 10.1', false],
  ['m 8.0.36', 'm 8.0.41', true],
  ['m 8.0.36', 'm 8.0.35', true],
  ['m 8.0.37', 'm 8.4.3', true],
  ['m 8.0.34', 'm 8.3.0', true],
  ['m 8.0.36', 'm 9.0.0', false],
  ['m 8.3.0', 'm 9.0.0', false],
  ['m 8.4.0', 'm 9.0.0', true],
  ['m 8.4.0', 'm 9.7.0', true],
  ['m 9.1.0', 'm 9.2.0', true],
  ['m 9.7.0', 'm 26.7.0', true],
  ['m 9.6.0', 'm 26.7.0', false],
  ['m 8.4.0', 'm 26.7.0', false],
  ['m 5.7.44', 'm 8.0.36', true],
  ['m 5.7.44', 'm 8.4.0', false],
  ['m 5.7.44', 'm 9.0.0', false],
  ['m 5.6.51', 'm 5.7.44', true],
  ['m 5.6.51', 'm 8.0.36', false],
  ['m 8.0.36', 'm 5.7.44', false],
  ['m 8.4.0', 'm 8.0.41', false],
  ['m 9.5.0', 'm 9.4.0', false],
  ['m 9.0.0', 'm 8.4.0', false],
  ['m 8', 'm 9.0.0', true],
  ['m 26.7.0', 'm 26.10.0', true],
  ['a 10.6.12', 'a 10.11.6', true],
  ['a 10.11.6', 'a 10.11.2', true],
  ['a 10.11.6', 'a 11.4.2', true],
  ['a 11.4.2', 'a 10.11.6', false],
  ['a 10.11.6', 'a 10.6.12', false],
  ['m 5.7.44', 'a 10.11.6', true],
  ['m 8.0.36', 'a 10.11.6', false],
  ['a 10.11.6', 'm 8.0.36', false],
  ['a 10.1.48', 'm 5.7.44', true],
]

for (const [data, image, isFine] of CASES) {
  test(`data of ${data}, server of ${image}: ${isFine ? 'started' : 'refused'}`, () => {
    const reason = whyNot(version(data), version(image))
    assert.is(reason === undefined, isFine, reason)
  })
}

test('where an upgrade needs a step between, the step is named and may be taken', () => {
  const steps: [string, string, string][] = [
    ['m 8.0.36', 'm 9.1.0', '8.4'],
    ['m 5.7.44', 'm 8.4.0', '8.0'],
    ['m 5.6.51', 'm 8.0.36', '5.7'],
    ['m 5.7.44', 'm 26.7.0', '9.7'],
  ]
  for (const [data, image, step] of steps) assert.match(whyNot(version(data), version(image)) ?? '', `MySQL ${step}`)
  for (const [, image, step] of steps) assert.is(whyNot(version(`m ${step}`), version(image)), undefined, step)
})

const versions = fc.record({
  product: fc.constantFrom<Product>('PostgreSQL', 'MySQL', 'MariaDB'),
  numbers: fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }),
})

test('law: a server starts on its own data, whatever is known of the version', () => {
  fc.assert(
    fc.property(versions, fc.nat(2), (server, cut) => {
      const less = { ...server, numbers: server.numbers.slice(0, Math.max(1, cut)) }
      assert.is(whyNot(server, server), undefined)
      if (server.product === 'MySQL') assert.is(whyNot(less, server), undefined)
    }),
  )
})

test('law: data of a later release are never started on by an earlier one of the same maker', () => {
  fc.assert(
    fc.property(versions, fc.integer({ min: 1, max: 9 }), (server, more) => {
      const [first = 0, ...rest] = server.numbers
      const later = { ...server, numbers: [first + more, ...rest] }
      assert.ok(whyNot(later, server), `${releaseName(later)} on ${releaseName(server)}`)
    }),
  )
})

test.run()
