import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
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
const names = readdirSync(samples).filter((name) => existsSync(join(samples, name, 'stack.yaml')))

test('there are samples, and no golden without one', () => {
  assert.ok(names.includes('lab'))
  const orphans = readdirSync(goldens).filter((file) => !names.includes(file.split('.')[0] ?? ''))
  assert.equal(orphans, [])
})

for (const name of names) {
  const folder = join(samples, name)
  const loaded = () => {
    const files = [join(folder, 'stack.yaml')]
    return load({ files, profiles: [], envFiles: [], environment: {}, workingDirectory: folder }, realDisk())
  }
  const portable = (text: string) => text.replaceAll(folder, '<sample>')

  test(`${name} loads without a warning, and nothing of it is left out`, () => {
    const result = loaded()
    assert.equal(result.ok ? result.warnings : result.diagnostics, [])
    assert.equal([...unwrap(result).clashes, ...check(unwrap(result))], [])
  })

  test(`${name}: the model`, () =>
    assertGolden(portable(configText(unwrap(loaded()), 'yaml')), join(goldens, `${name}.config.yaml`)))

  test(`${name}: the plan of a first up`, () => {
    const declared = unwrap(loaded())
    const plan = unwrap(planUp(declared, { ...emptyWorld(declared.stack), images: [] }, UP))
    assertGolden(portable(planText(plan)), join(goldens, `${name}.plan.txt`))
  })
}

test.run()
