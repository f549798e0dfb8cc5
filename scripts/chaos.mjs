// Kills and breaks flotilla at random moments, repairs once, and looks whether all is as declared:
//   node scripts/chaos.mjs [--runs 60] [--seed N] [--only kill|faults] [--verbose]
// Case n of a run has the seed N + n: `--seed (N + n) --runs 1` carries that case out alone.
import { parseArgs } from 'node:util'
import { register } from 'tsx/esm/api'
import { ensureEngine } from './engine.mjs'
import { runAsScript, withoutExtraCertificates } from './lib/process.mjs'
import { ensureBuilt } from './lib/project.mjs'

await runAsScript(import.meta.url, async () => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '60' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e6)}` },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  if (!process.env.FLOTILLA_MAIN) await ensureBuilt({ log: console.log })
  withoutExtraCertificates()
  await ensureEngine({ log: console.log })
  register()
  const [{ caseOf }, { runCases }, { liveEngine }] = await Promise.all([
    import('../test/live/chaos.ts'),
    import('../test/live/chaos-runs.ts'),
    import('../test/support/live.ts'),
  ])
  const { engine, skip } = await liveEngine()
  if (!engine) throw new Error(skip)
  const [first, runs] = [Number(values.seed), Number(values.runs)]
  console.log(`${runs} runs from seed ${first}`)
  const kinds = values.only ? [values.only] : ['kill', 'faults']
  const cases = Array.from({ length: runs }, (_, n) => caseOf(first + n, kinds))
  const failures = await runCases(engine, cases, console.log)
  if (values.verbose) for (const { what, outputs } of failures) console.log(`\n=== ${what}\n${outputs.join('\n---\n')}`)
  console.log(`${runs - failures.length} of ${runs} repaired`)
  process.exitCode = failures.length > 0 ? 1 : 0
})
