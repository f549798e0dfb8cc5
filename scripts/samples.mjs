// `npm run samples`: brings every sample up, measures what it costs, runs its test, and records both in samples/. Names as arguments choose
// some. `--rebuild` also measures builds, without a cache; `--readme` fills the output of commands into their READMEs instead; `--table`
// only writes the table.
import { ensureEngine } from './engine.mjs'
import { run, runAsScript } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { measure } from './samples/measure.mjs'
import { fillReadme } from './samples/readme.mjs'
import { sampleNamed, sampleNames, stacksOf } from './samples/samples.mjs'
import { record, writeTable } from './samples/table.mjs'

const log = console.log

await runAsScript(import.meta.url, async () => {
  const args = process.argv.slice(2)
  if (args.includes('--table')) return writeTable()
  await ensureBuilt({ log })
  const endpoint = await ensureEngine({ log })
  for (const sample of chosen(args.filter((word) => !word.startsWith('--')))) {
    if (args.includes('--readme')) await fillReadme(sample, { endpoint, log })
    else await costAndTest(sample, { endpoint, log, rebuild: args.includes('--rebuild') })
  }
})

function chosen(names) {
  const all = names.length > 0 ? names.flatMap((name) => [name, ...stacksOf(name)]) : sampleNames()
  return all.filter((name) => stacksOf(name).length === 0).map(sampleNamed)
}

/** What was measured is written at once: a run of all takes long. */
async function costAndTest(sample, options) {
  log(`${sample.name} …`)
  const cost = await measure(sample, options)
  const tests = await testOf(sample.name)
  log(`${sample.name}: ${JSON.stringify({ ...cost, tests })}`)
  record({ [sample.name]: { ...cost, tests } })
  if (!/ 0 failed/.test(tests)) process.exitCode = 1
}

/** The closing line of its tests. */
async function testOf(name) {
  const file = name === 'lab' ? 'test/lab/lab.test.ts' : `test/lab/samples/${name.split('/')[0]}.test.ts`
  const env = { FLOTILLA_SAMPLES: name }
  const { output } = await run(process.execPath, ['scripts/test.mjs', file], { cwd: root, env })
  const last = output.trim().split('\n').at(-1)
  if (!/ 0 failed/.test(last)) log(output)
  return last
}
