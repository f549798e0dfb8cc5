import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { differences, judged } from '../../../scripts/compare-commands.mjs'
import { ensureBuilt } from '../../support/cli.ts'
import { composePlugin } from '../compose.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
else ensureBuilt()
const check = 'skip' in plugin ? test.skip : test

check('exactly the missing and different parts of docker compose are listed, with reasons', async () => {
  const table = readFileSync(join(import.meta.dirname ?? '', '../../../docs/compose-support.md'), 'utf8')
  assert.equal(judged(await differences(), table), { unlisted: [], idle: [] })
})

test.run()
