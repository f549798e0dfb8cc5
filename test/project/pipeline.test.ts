import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sources } from '../support/sources.ts'

/** Who may do what by hand: everything else goes through `runIntent`, `planIntent`, `carryOut` and `withLock`. */
const ALONE: [what: string, pattern: RegExp, files: string[]][] = [
  ['plans', /\.plan\(\{/, ['project/converge.ts']],
  ['carries a plan out', /\bexecute\(/, ['project/converge.ts']],
  [
    'takes a lock',
    /\.lock\(|\bacquire\((?!\))/,
    ['machine/runtime.ts', 'project/lock/lock.ts', 'project/packing/unpack/unpack.ts', 'project/with-lock.ts'],
  ],
  ['settles', /\bbackend\.settle\(/, ['project/with-lock.ts']],
  ['opens a backend', /\.openBackend\(/, ['project/open-backend.ts']],
  ['writes the desired state', /\bstore\.write\(/, ['guard/learned-state.ts', 'project/record-desired-state.ts']],
]

/** Backends themselves are below all this. */
const above = [...sources()].filter(([file]) => !file.startsWith('backend/'))

for (const [what, pattern, files] of ALONE) {
  test(`one place ${what}`, () => {
    const found = above.flatMap(([file, text]) => (pattern.test(text) ? [file] : []))
    assert.equal(found.sort(), files)
  })
}

test('the application layer prints nothing and reads no command line', () => {
  const printing = /\b(?:view|terminal|console|argv|globals)\b\s*[.(]/
  const found = above.flatMap(([file, text]) => (file.startsWith('project/') && printing.test(text) ? [file] : []))
  assert.equal(found, [])
})

test.run()
