import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { canonicalJson, changedSince, fingerprint } from '../../src/plan/fingerprint.ts'

const values = fc.jsonValue({ maxDepth: 2 })
const fields = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), values, { maxKeys: 12 })

test('nothing has changed since a fingerprint of the same fields, in whatever order', () => {
  fc.assert(
    fc.property(fields, fc.string(), (all, salt) => {
      const turned = Object.fromEntries(Object.entries(all).reverse())
      assert.equal(changedSince(fingerprint(all, salt), turned), [])
    }),
  )
})

test('exactly the changed, added and dropped paths are reported', () => {
  fc.assert(
    fc.property(fields, fields, (before, after) => {
      const paths = new Set([...Object.keys(before), ...Object.keys(after)])
      const differ = (path: string) => canonicalJson({ x: before[path] }) !== canonicalJson({ x: after[path] })
      assert.equal(changedSince(fingerprint(before, 's'), after), [...paths].filter(differ).sort())
    }),
  )
})

test('values do not stand in the label', () => {
  const label = fingerprint({ environment: { PASSWORD: 'correct horse battery staple' } }, 'salt')
  assert.not.match(label, 'correct')
})

test('the same value has another hash under another salt', () => {
  const hashes = ['one', 'two'].map((salt) => JSON.parse(fingerprint({ image: 'x' }, salt)).h.image)
  assert.is.not(hashes[0], hashes[1])
})

test('a label stays within 16 KB, and still shows that something changed', () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`labels.key-${i}`, i]))
  const label = fingerprint(many, 'salt')
  assert.ok(label.length <= 16_384)
  assert.equal(changedSince(label, many), [])
  assert.is(changedSince(label, { ...many, 'labels.key-7': 'other' })?.length, 1)
})

for (const [what, label] of [
  ['no label', undefined],
  ['an unreadable one', '{'],
  ['one of a newer version', '{"v":99,"salt":"s","h":{}}'],
  ['one without hashes', '{"v":1,"salt":"s"}'],
] as const) {
  test(`${what} is not understood, and never taken for a change`, () => {
    assert.is(changedSince(label, { image: 'x' }), undefined)
  })
}

test.run()
