import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { closest, didYouMean, distance } from '../../src/diagnostics/suggest.ts'
import { keysOfDefinition } from '../../src/load/schema/shape.ts'

const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

test('the distance is a distance, and at most the longer length', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      assert.is(distance(a, b), distance(b, a))
      assert.is(distance(a, b) === 0, a === b)
      assert.ok(distance(a, b) <= Math.max(a.length, b.length))
    }),
  )
})

test('one slip of the fingers is one edit', () => {
  for (const [a, b] of [
    ['ports', 'prots'],
    ['ports', 'port'],
    ['port', 'ports'],
    ['ports', 'parts'],
  ] as const)
    assert.is(distance(a, b), 1)
})

const slips: [string, string][] = [
  ['enviroment', 'environment'],
  ['prots', 'ports'],
  ['depend_on', 'depends_on'],
  ['dependsOn', 'depends_on'],
  ['depends-on', 'depends_on'],
  ['health_check', 'healthcheck'],
  ['volume', 'volumes'],
  ['comand', 'command'],
  ['Image', 'image'],
  ['netwroks', 'networks'],
  ['restrat', 'restart'],
]

test('slips lead to the key that was meant', () => {
  for (const [slip, meant] of slips) assert.is(closest(slip, keysOfDefinition('service')), meant)
})

test('a word that is like nothing has no suggestion', () => {
  for (const word of ['password', 'zzz', 'x']) assert.is(closest(word, keysOfDefinition('service')), undefined)
})

test('few candidates are all named, a part of one names it', () => {
  assert.match(didYouMean('qqqqqq', ['web', 'db']) ?? '', 'db, web')
  assert.match(didYouMean('healthy', ['service_started', 'service_healthy']) ?? '', '"service_healthy"')
  assert.is(didYouMean('x', []), undefined)
})

test.run()
