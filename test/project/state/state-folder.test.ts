import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeFolder } from '../../../src/project/state/state-folder.ts'
import { withFolder } from '../../support/folder.ts'

test('missing parents are made too, for the user alone; what is there is left as it is', () =>
  withFolder({}, async (folder) => {
    const deep = join(folder, 'a/b/c')
    makeFolder(deep)
    makeFolder(deep)
    assert.is(statSync(join(folder, 'a')).mode & 0o777, 0o700)
    assert.is(statSync(deep).mode & 0o777, 0o700)
  }))

test('where nothing can be made it fails at once', () =>
  withFolder({}, async (folder) => {
    writeFileSync(join(folder, 'file'), '')
    assert.throws(() => makeFolder(join(folder, 'file/below')))
    if (existsSync('/proc/self')) assert.throws(() => makeFolder('/proc/nowhere/below'))
  }))

test.run()
