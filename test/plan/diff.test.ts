import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { diffFields } from '../../src/plan/diff.ts'

test('mappings are compared by key, lists as wholes', () => {
  const from = { environment: { REV: '1', A: 'x' }, ports: ['80:80'], user: 'root' }
  const to = { environment: { REV: '2', B: 'y' }, ports: ['80:80', '81:81'], user: 'root' }
  assert.equal(diffFields(from, to), [
    { path: 'environment.A', from: 'x', to: undefined },
    { path: 'environment.B', from: undefined, to: 'y' },
    { path: 'environment.REV', from: '1', to: '2' },
    { path: 'ports', from: ['80:80'], to: ['80:80', '81:81'] },
  ])
})

test('a value does not differ from itself, and a difference read backwards is the same difference', () => {
  const views = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 })
  fc.assert(
    fc.property(views, views, (a, b) => {
      assert.equal(diffFields(a, a), [])
      const turned = diffFields(b, a).map(({ path, from, to }) => ({ path, from: to, to: from }))
      assert.equal(turned, diffFields(a, b))
    }),
  )
})

test.run()
