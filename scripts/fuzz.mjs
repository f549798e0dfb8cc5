// Loads mutated and made-up stacks and looks whether the laws of loading hold (test/load/fuzz/laws.ts):
//   node scripts/fuzz.mjs [--cases 20000] [--seed N]
// Case n of a run has the seed N + n: `--seed (N + n) --cases 1` carries that case out alone. Failing cases are printed as
// small as they get.
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { compileSchema } from './compile-schema.mjs'
import { runAsScript, withoutExtraCertificates } from './lib/process.mjs'

/** Of one case, in ms: far more than any takes on a busy machine. */
const DEADLINE = 60_000
/** Of all that loading holds at once. */
const MOST_MEGABYTES = 512
const MOST_FAILURES = 10

await runAsScript(import.meta.url, async () => {
  withoutExtraCertificates()
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '20000' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e9)}` },
    },
  })
  await compileSchema()
  const [first, cases] = [Number(values.seed), Number(values.cases)]
  console.log(`${cases} cases from seed ${first}`)
  const failures = await runCases(first, cases)
  console.log(`${cases - failures} of ${cases} break no law`)
  process.exitCode = failures > 0 ? 1 : 0
})

/** A case that hangs or takes all memory ends its worker; the next one goes on behind it. Resolves to the number of failures. */
async function runCases(first, cases) {
  let failures = 0
  let next = first
  while (next < first + cases && failures < MOST_FAILURES) {
    const { failed, reached } = await runWorker(next, first + cases, failures)
    failures += failed
    next = reached + 1
  }
  return failures
}

/** Carries out cases until one ends the worker. Resolves to how many failed, and the last seed that was tried. */
function runWorker(from, to) {
  const worker = new Worker(new URL('./lib/fuzz-worker.mjs', import.meta.url), {
    workerData: { from, to, most: MOST_FAILURES },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  })
  return new Promise((resolve, reject) => {
    const state = { failed: 0, reached: from, began: false }
    let timer
    const end = (problem) => {
      clearTimeout(timer)
      if (problem) console.log(`\nseed ${state.reached}: ${problem}`)
      if (problem) state.failed++
      worker.terminate().then(() => resolve(state))
    }
    worker.on('message', ({ seed, broken }) => {
      clearTimeout(timer)
      state.began = true
      if (broken) console.log(`\nseed ${seed}: ${broken}`)
      if (broken) state.failed++
      else state.reached = seed
      if (seed === to) return end()
      timer = setTimeout(end, DEADLINE, `did not end within ${DEADLINE / 1000} s`)
    })
    worker.on('error', (error) => (state.began ? end(error.stack ?? String(error)) : reject(error)))
  })
}
