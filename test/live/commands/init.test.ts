import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { TEMPLATES } from '../../../src/init/templates.ts'
import { ensureBuilt, flotilla, succeeded } from '../../support/cli.ts'
import { withFolder } from '../../support/folder.ts'
import { composePlugin } from '../compose.ts'

const compose = await composePlugin()
const NAMES = TEMPLATES.map(({ name }) => name)

test('docker compose takes what is written for each template, and for all together, without a warning', async () => {
  if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
  ensureBuilt()
  const [program = '', ...first] = compose.words
  await withFolder({}, async (cwd) => {
    for (const names of [...NAMES.map((name) => [name]), NAMES]) {
      const file = join(cwd, names.join('-').slice(0, 40), 'stack.yaml')
      succeeded(await flotilla(['init', ...names, '-o', file], { cwd }))
      const ran = await promisify(execFile)(program, [...first, '-f', file, 'config', '-q'])
      assert.equal(ran, { stdout: '', stderr: '' }, names.join())
    }
  })
})

test.run()
