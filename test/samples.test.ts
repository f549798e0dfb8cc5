import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pulledImages, sampleNamed, sampleNames } from '../scripts/samples/samples.mjs'
import { costs, tableOf, withTable } from '../scripts/samples/table.mjs'
import { allTurns, samplesOfTurn } from '../scripts/samples/turns.mjs'
import { check } from '../src/backend/engine/check/check.ts'
import { planUp } from '../src/backend/engine/plan/command/up.ts'
import { UP } from '../src/backend/intent.ts'
import { unwrap } from '../src/diagnostics/checked.ts'
import { realDisk } from '../src/load/file/disk.ts'
import { load } from '../src/load/load.ts'
import { configText } from '../src/load/print/print.ts'
import { emptyWorld } from './backend/engine/world.ts'
import { assertGolden } from './support/golden.ts'
import { planText } from './support/plan-text.ts'

/** Samples are documentation that runs: each loads without a warning, and its model and its plan are kept as goldens. */
const here = import.meta.dirname ?? ''
const samples = join(here, '../samples')
const goldens = join(here, 'golden/samples')
const ALWAYS = ['hello', 'whale']

test('every folder with a stack file is a sample, and no golden is without one', () => {
  const files = readdirSync(samples, { recursive: true }).map(String)
  const folders = files.filter((file) => /(^|\/)stack\.yaml$/.test(file) && !file.startsWith('broken/')).map(dirname)
  assert.equal([...sampleNames()].sort(), folders.sort())
  const kept = readdirSync(goldens, { recursive: true }).map(String)
  const orphans = kept.filter((file) => file.includes('.') && !sampleNames().includes(file.split('.')[0] ?? ''))
  assert.equal(orphans, [])
})

test('samples/README.md lists every sample with its line, its command and what it costs', () => {
  const readme = readFileSync(join(samples, 'README.md'), 'utf8')
  assert.is(withTable(readme, tableOf(costs())), readme, '`node scripts/samples.mjs --table` writes it')
})

test('the same commit has the same turn, and every sample has one', async () => {
  const turnOf = (commit: string) => samplesOfTurn({ wanted: '', commit })
  assert.equal(await turnOf('a'), await turnOf('a'))
  const many = await Promise.all(Array.from({ length: 200 }, (_, index) => turnOf(`commit ${index}`)))
  assert.equal(new Set(many.flat()), new Set([...ALWAYS, ...allTurns().flat()]))
  assert.equal(new Set(await samplesOfTurn({ wanted: 'all' })), new Set(many.flat()))
  // The laboratory's own tests run each time.
  assert.equal(new Set([...many.flat(), 'lab']), new Set(sampleNames()))
})

for (const name of sampleNames()) {
  const { folder, standIn } = sampleNamed(name)
  const loaded = (...others: string[]) => {
    const files = ['stack.yaml', ...others].map((file) => join(folder, file))
    return load({ files, profiles: [], envFiles: [], environment: {}, workingDirectory: folder }, realDisk())
  }
  const portable = (text: string) => text.replaceAll(folder, '<sample>').replaceAll(samples, '<samples>')
  const kept = (file: string) => join(goldens, `${name}.${file}`)

  test(`${name} loads without a warning, and nothing of it is left out`, () => {
    for (const result of [loaded(), ...(standIn ? [loaded('stand-in.yaml')] : [])]) {
      assert.equal(result.ok ? result.warnings : result.diagnostics, [])
      assert.equal([...unwrap(result).clashes, ...check(unwrap(result))], [])
    }
  })

  test(`${name}: a registry is asked for official images only`, () => {
    const pulled = pulledImages(unwrap(loaded()).stack)
    assert.is(pulled.length > 0, standIn)
    assert.equal(
      pulled.filter((image) => image.startsWith('flotilla-')),
      [],
    )
  })

  if (standIn)
    test(`${name}: no official image is left in its stand-in`, () => {
      const { stack } = unwrap(loaded('stand-in.yaml'))
      const images = Object.values(stack.services).map(({ image }) => image)
      assert.equal(
        images.filter((image) => !image?.startsWith('flotilla-')),
        [],
      )
    })

  test(`${name}: the model`, () => assertGolden(portable(configText(unwrap(loaded()), 'yaml')), kept('config.yaml')))

  test(`${name}: the plan of a first up`, () => {
    const declared = unwrap(loaded())
    const plan = unwrap(planUp(declared, { ...emptyWorld(declared.stack), images: [] }, UP))
    assertGolden(portable(planText(plan)), kept('plan.txt'))
  })
}

test.run()
