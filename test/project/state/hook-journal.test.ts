import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fileJournal } from '../../../src/project/state/journal.ts'
import { withFolder } from '../../support/folder.ts'

test('which hooks are due outlives the process, for each project, and leaves no file once none is', async () => {
  await withFolder({}, async (folder) => {
    const journal = (project = 'lab') => fileJournal(folder, project, () => 0).hooks
    assert.equal(journal()?.pending(), {})
    journal()?.due('a', 0)
    journal()?.due('b', 0)
    journal()?.due('a', 2)
    assert.equal(journal()?.pending(), { a: 2, b: 0 })
    assert.equal(journal('other')?.pending(), {})
    journal()?.done('a')
    journal()?.done('never')
    journal()?.done('b')
    assert.equal(journal()?.pending(), {})
    assert.equal(await readdir(join(folder, 'hooks')), [])
  })
})

test.run()
