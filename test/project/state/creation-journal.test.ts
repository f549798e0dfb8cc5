import { appendFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Creation } from '../../../src/backend/journal.ts'
import { fileJournal } from '../../../src/project/state/journal.ts'
import { withFolder } from '../../support/folder.ts'

const WEB: Creation = { kind: 'container', name: 'lab-web-1_next' }
const NET: Creation = { kind: 'network', name: 'a name/with ünlike letters' }

test('requested creations survive the process, for each project, and no file stays after all answers', async () => {
  await withFolder({}, async (folder) => {
    let now = 1_000
    const journal = (project = 'lab') => fileJournal(folder, project, () => now).creations
    assert.equal(journal()?.pending(), [])
    journal()?.requested(WEB)
    now = 4_000
    journal()?.requested(NET)
    assert.equal(journal()?.pending(), [
      { ...WEB, remainingMs: 7_000 },
      { ...NET, remainingMs: 10_000 },
    ])
    assert.equal(journal('other')?.pending(), [])
    journal()?.answered({ kind: 'volume', name: WEB.name })
    journal()?.answered(WEB)
    assert.equal(journal()?.pending(), [{ ...NET, remainingMs: 10_000 }])
    journal()?.answered(NET)
    assert.equal([journal()?.pending(), await readdir(join(folder, 'creating'))], [[], []])
  })
})

test('no clock makes a wait longer, or negative', async () => {
  await withFolder({}, async (folder) => {
    const at = (now: number) => fileJournal(folder, 'lab', () => now).creations
    at(50_000)?.requested(WEB)
    assert.equal(
      [0, 50_000, 55_000, 90_000].map((now) => at(now)?.pending()[0]?.remainingMs),
      [10_000, 10_000, 5_000, 0],
    )
  })
})

test('lines of other writers are passed over', async () => {
  await withFolder({}, async (folder) => {
    const journal = () => fileJournal(folder, 'lab', () => 0).creations
    journal()?.requested(WEB)
    const [file = ''] = await readdir(join(folder, 'creating'))
    await appendFile(
      join(folder, 'creating', file),
      '\nplane/x 5\ncontainer/ 5\ncontainer/%FF 5\ncontainer/%zz 5\nnonsense 5',
    )
    assert.equal(journal()?.pending(), [{ ...WEB, remainingMs: 10_000 }])
  })
})

test.run()
