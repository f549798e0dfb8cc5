import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { changesIn, type Synced } from '../../../../src/command/lifecycle/watch/synced.ts'

const NONE: Synced = { files: [], folders: [], removed: [] }

test('files are counted, not the folders that hold them, and what is removed is not copied', () => {
  const cases: [Partial<Synced>, copied: string[], removed: string[]][] = [
    [{ files: ['/src/a', '/src/d/c'], folders: ['/src/d'] }, ['/src/a', '/src/d/c'], []],
    [{ folders: ['/src/d', '/src/d/e'] }, ['/src/d/e'], []],
    [{ removed: ['/src/f'] }, [], ['/src/f']],
    [{ removed: ['/src/d', '/src/d/c', '/src/dx'] }, [], ['/src/d/c', '/src/dx']],
    [{ files: ['/src/b'], removed: ['/src/a'] }, ['/src/b'], ['/src/a']],
    [{}, [], []],
  ]
  for (const [synced, copied, removed] of cases) {
    assert.equal(changesIn([{ ...NONE, ...synced }]), { copied, removed })
  }
})

test('a law: replicas of a service do not multiply its changes', () => {
  const paths = fc.array(fc.constantFrom('/a', '/a/b', '/a/b/c', '/ab', '/d'))
  fc.assert(
    fc.property(fc.record({ files: paths, folders: paths, removed: paths }), fc.integer({ min: 1, max: 4 }), (one, n) =>
      assert.equal(changesIn(Array.from({ length: n }, () => one)), changesIn([one])),
    ),
  )
})

test.run()
