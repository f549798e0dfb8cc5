import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts'
import { isDesired } from '../../../src/project/state/desired-state.ts'
import { desiredStateFile } from '../../../src/project/state/desired-state-file.ts'
import { fileJournal } from '../../../src/project/state/journal.ts'
import { withFolder } from '../../support/folder.ts'

/** Files of the state directory as flotilla wrote them at commit 878d522, before keys were renamed. */
const INTENT =
  '{"version":1,"services":{"web":{"all":"running","count":2,"apart":{"2":"stopped"}},"db":{"all":"stopped"}},"turn":{"command":"up","services":["web"]}}\n'
/** The file's name is the start of the SHA-256 of the project's name, `lab`. */
const LAB = 'a51146d38077ff99'
const ENDPOINT = '{"container":"c1","network":"lab_default","endpoint":{"Aliases":["web"]}}'
const LEDGERS: Readonly<Record<string, string>> = {
  stopping: '\nc1 5000\nc2 9000\nc1',
  hooks: '\nc1 0\nc1 2',
  networks: `\n${encodeURIComponent(ENDPOINT)} 1`,
}

const noProblem = ({ message }: Diagnostic) => assert.unreachable(message)

test('the desired state that 878d522 wrote is read, and written again in the form of today', async () => {
  await withFolder({ 'intent.json': INTENT }, async (folder) => {
    const store = desiredStateFile(join(folder, 'intent.json'), noProblem)
    const read = store.read()
    const expected = {
      services: { web: { all: 'running', count: 2, overrides: { 2: 'stopped' } }, db: { all: 'stopped' } },
      inProgress: { command: 'up', services: ['web'] },
    }
    assert.equal(read, expected)
    assert.equal(
      [1, 2].map((number) => isDesired(read, { service: 'web', number }, 1)),
      [true, false],
    )
    store.write(read)
    assert.equal(store.read(), expected)
    assert.not.match(readFileSync(join(folder, 'intent.json'), 'utf8'), /apart|"turn"/)
  })
})

test('the journal that 878d522 wrote is read', async () => {
  const files = Object.entries(LEDGERS).map(([name, text]) => [`${name}/${LAB}.log`, text])
  await withFolder(Object.fromEntries(files), async (folder) => {
    const journal = fileJournal(folder, 'lab', () => 4000)
    assert.equal(journal.pending(), [{ container: 'c2', remainingMs: 5000 }])
    assert.equal(journal.hooks?.pending(), { c1: 2 })
    assert.equal(journal.networks?.pending(), [JSON.parse(ENDPOINT)])
  })
})

test.run()
