import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Case, casesIn, type Result, recordsIn } from '../../scripts/lib/corpus.mjs'
import { type Difference, differences, type ListedDifference, listedDifference } from '../../scripts/lib/models.mjs'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { testHost } from '../cli/support.ts'

/**
 * corpus/ holds what people write, and what must be refused; recorded.jsonl in each folder is what `docker compose config
 * --format json` 2.40 says of it, differences.json where we deliberately say something else. `UPDATE=1` records them again where
 * that plugin is installed. scripts/compare-config.mjs compares with the plugin itself.
 */
const CORPUS = join(import.meta.dirname, 'corpus')
const SCRIPT = join(import.meta.dirname, '../../scripts/compare-config.mjs')
if (process.env.UPDATE) execFileSync(process.execPath, [SCRIPT, '--record'], { stdio: 'inherit' })

const LISTED: ListedDifference[] = JSON.parse(readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'))
const RECORDS = recordsIn(CORPUS)
const CASES = casesIn(CORPUS)

for (const each of CASES) {
  test(`${each.name} is taken as docker compose takes it`, async () => {
    const theirs = RECORDS.get(each.name)
    assert.ok(theirs, 'nothing is recorded: run this test with UPDATE=1')
    if (!theirs) return
    const ours = await resultOf(each)
    const found = differences(theirs, ours).filter((difference) => !listedDifference(LISTED, each.name, difference))
    assert.equal(found, [])
    if (theirs.refused || ours.refused || differences(theirs, ours).length > 0) return
    assert.is(JSON.stringify(ours.model), JSON.stringify(theirs.model), 'the same keys, in another order')
  })
}

test('every difference is in the documentation', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/compose-support.md'), 'utf8')
  for (const { reason } of LISTED) assert.ok(text.includes(`- ${reason}\n`), reason)
})

test('the corpus is large, and much of it must be refused', () => {
  const refused = [...RECORDS.values()].filter((record) => record.refused)
  assert.ok(CASES.length >= 200, `${CASES.length} cases`)
  assert.ok(refused.length >= 60, `${refused.length} refused`)
})

test('docker compose still says what was recorded', async () => {
  const { findCompose } = await import('../../scripts/compose-plugin.mjs')
  const compose = await findCompose()
  if (!compose?.version.startsWith('2.40.')) return console.log('skipped: no docker compose 2.40 to compare with')
  const { configOf } = await import('../../scripts/compare-config.mjs')
  for (const each of CASES.filter((_, index) => index % 25 === 0)) {
    const { said: _, ...now } = await configOf(compose.words, each)
    const { case: name, ...recorded } = RECORDS.get(each.name) ?? { case: '' }
    assert.equal(JSON.parse(JSON.stringify(now)), recorded, name)
  }
})

test('every listed difference is there', async () => {
  const found = (await Promise.all(CASES.map(differencesOf))).flat()
  const stale = LISTED.filter((each) => !found.some(({ name, ...rest }) => listedDifference([each], name, rest)))
  assert.equal(stale, [])
})

async function differencesOf(each: Case): Promise<(Difference & { name: string })[]> {
  const theirs = RECORDS.get(each.name)
  return theirs ? differences(theirs, await resultOf(each)).map((found) => ({ ...found, name: each.name })) : []
}

const results = new Map<string, Promise<Result>>()

/** What flotilla says of a case, once. */
function resultOf(each: Case): Promise<Result> {
  const known = results.get(each.name) ?? configNow(each)
  results.set(each.name, known)
  return known
}

async function configNow({ args, flags, env, cwd, stdin }: Case): Promise<Result> {
  const options = { env, cwd, readStdin: async () => stdin, ...(env.HOME !== undefined && { home: env.HOME }) }
  const { host, out, err } = testHost([...args, 'config', '--format', 'json', ...flags], options)
  const code = await runProgram(host, COMMANDS)
  if (code === 0) return { model: JSON.parse(out()) }
  assert.match(err(), /^error/m)
  return { refused: true }
}

test.run()
