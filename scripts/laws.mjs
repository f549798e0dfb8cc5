// Tries the laws over generated cases with other seeds than the one of `npm test`, file by file, and prints what breaks:
//   node scripts/laws.mjs [--times 20] [--seed N] [FILE OR FOLDER ...]
// Time n runs with the seed N + n. `SEED=<seed> node scripts/test.mjs FILE` carries one out again.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withCompiledTests } from './lib/compile-tests.mjs'
import { runAsScript, withoutExtraCertificates } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { kindOf, runJobs } from './lib/test-file.mjs'

const WORKERS = 2

await runAsScript(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '20' },
      seed: { type: 'string', default: `${Math.floor(Math.random() * 1e9)}` },
    },
  })
  await ensureBuilt({ log: console.log })
  withoutExtraCertificates()
  const files = lawFiles(positionals)
  const first = Number(values.seed)
  console.log(`${files.length} files, ${values.times} times, from seed ${first}`)
  const runs = Array.from({ length: Number(values.times) }, (_, n) => files.map((file) => ({ file, seed: first + n })))
  const broken = await withCompiledTests((compiled) => runAll(runs.flat(), compiled))
  console.log(`${runs.flat().length - broken} of ${runs.flat().length} runs break no law`)
  process.exitCode = broken > 0 ? 1 : 0
})

/** The files that need no engine and state laws over generated cases. */
function lawFiles(chosen) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .map((file) => join('test', file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts') && kindOf(file) === 'pure')
    .filter((file) => chosen.length === 0 || chosen.some((each) => file.startsWith(each.replace(/^\.\//, ''))))
    .filter((file) => /\bfc\.assert\b/.test(readFileSync(join(root, file), 'utf8')))
    .sort()
}

async function runAll(runs, compiled) {
  const jobs = runs.map(({ file, seed }) => ({
    file,
    place: { cwd: root, compiled, env: { ...process.env, SEED: `${seed}` }, title: `seed ${seed}` },
  }))
  const report = ({ file, title, failed, output }) => failed > 0 && console.log(`\n${title}: ${file}\n${output}`)
  return (await runJobs([jobs], { workers: WORKERS, report })).filter(({ failed }) => failed > 0).length
}
