import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { argvOf, comparable, configCases, recordedOutputs } from '../../command/file/config-cases.ts'
import { compose, composePlugin } from '../compose.ts'

/** test/command/file/config-flags.test.ts holds flotilla to these records; here `docker compose` itself is. */
const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const recorded = recordedOutputs()

for (const each of configCases()) {
  const check = 'skip' in plugin ? test.skip : test
  check(`${each.name} is recorded as docker compose prints it`, async () => {
    const words = 'words' in plugin ? plugin.words : []
    const printed = await compose(words, argvOf(each), { cwd: each.cwd, env: each.env, clean: true })
    assert.equal(comparable(each, printed), recorded[each.name])
  })
}

test.run()
