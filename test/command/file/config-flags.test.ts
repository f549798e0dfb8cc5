import { writeFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runProgram } from '../../../src/cli/program.ts'
import { COMMANDS } from '../../../src/command/table.ts'
import { testHost } from '../../cli/support.ts'
import { compose, composePlugin } from '../../live/compose.ts'
import { argvOf, type ConfigCase, comparable, configCases, RECORDED, recordedOutputs } from './config-cases.ts'

/** `UPDATE=1` records them again what `docker compose` prints, where it is installed. */
if (process.env.UPDATE) await record()
const recorded = recordedOutputs()

for (const each of configCases()) {
  test(`${each.name} is what docker compose prints`, async () => {
    assert.ok(each.name in recorded, 'nothing is recorded: run this test with UPDATE=1')
    assert.equal(comparable(each, await ours(each)), recorded[each.name])
  })
}

async function ours(each: ConfigCase): Promise<string> {
  const { host, out, err } = testHost(argvOf(each), { cwd: each.cwd, env: each.env, home: each.env.HOME ?? '/' })
  const code = await runProgram(host, COMMANDS)
  assert.is(code, 0, err())
  return out()
}

async function record(): Promise<void> {
  const plugin = await composePlugin()
  if ('skip' in plugin) throw new Error(plugin.skip)
  const results: Record<string, unknown> = {}
  for (const each of configCases())
    results[each.name] = comparable(
      each,
      await compose(plugin.words, argvOf(each), { cwd: each.cwd, env: each.env, clean: true }),
    )
  writeFileSync(
    RECORDED,
    Object.entries(results)
      .map((each) => `${JSON.stringify(each)}\n`)
      .join(''),
  )
}

test.run()
