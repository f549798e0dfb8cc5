import { appendFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Apart } from '../../../src/backend/journal.ts'
import { fileJournal } from '../../../src/project/state/journal.ts'
import { withFolder } from '../../support/folder.ts'

const apart = (container: string, network: string): Apart => ({
  container,
  network,
  endpoint: { Aliases: ['a name', 'ünlike'], IPAMConfig: { IPv4Address: '10.0.0.5' } },
})

test('disconnected containers and their networks outlive the process, for each project, and leave no file once all are connected', async () => {
  await withFolder({}, async (folder) => {
    const journal = (project = 'lab') => fileJournal(folder, project, () => 0).networks
    assert.equal(journal()?.pending(), [])
    for (const [container, network] of [
      ['a', 'one'],
      ['a', 'two'],
      ['b', 'one'],
      ['b', 'two'],
    ] as const)
      journal()?.left(apart(container, network))
    assert.equal(journal()?.pending(), [apart('a', 'one'), apart('a', 'two'), apart('b', 'one'), apart('b', 'two')])
    assert.equal(journal('other')?.pending(), [])
    journal()?.joined('a', 'one')
    journal()?.joined('never', 'one')
    assert.equal(journal()?.pending(), [apart('a', 'two'), apart('b', 'one'), apart('b', 'two')])
    journal()?.gone('b')
    assert.equal(journal()?.pending(), [apart('a', 'two')])
    journal()?.joined('a', 'two')
    assert.equal(journal()?.pending(), [])
    assert.equal(await readdir(join(folder, 'networks')), [])
  })
})

test('foreign entries in the file are ignored', async () => {
  await withFolder({}, async (folder) => {
    const journal = () => fileJournal(folder, 'lab', () => 0).networks
    journal()?.left(apart('a', 'one'))
    const [file = ''] = await readdir(join(folder, 'networks'))
    await appendFile(
      join(folder, 'networks', file),
      '\n%E0%A4 1\nnull 1\n%22text%22 1\n%7B%22container%22%3A1%7D 1\nnonsense',
    )
    assert.equal(journal()?.pending(), [apart('a', 'one')])
  })
})

test.run()
