// `npm test`: installs, builds, makes sure that an engine answers, runs every test. Its last line is `N passed, N failed, N skipped`.
// Names of files or folders as arguments run only those.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBases } from './base-images.mjs'
import { ensureEngine } from './engine.mjs'
import { runAsScript, run as runCommand } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { kindOf, runTestFile } from './lib/test-file.mjs'

const WORKERS = 2

await runAsScript(import.meta.url, main)

async function main() {
  await ensureBuilt({ log: console.log })
  const coverage = mkdtempSync(join(tmpdir(), 'flotilla-coverage-'))
  const chosen = testFiles(process.argv.slice(2))
  const results = await runAll(chosen, { ...process.env, NODE_V8_COVERAGE: coverage })
  if (chosen.length > 1) await printCoverage(coverage)
  rmSync(coverage, { recursive: true, force: true })
  process.exitCode = summarize(results)
}

function testFiles(chosen) {
  const all = readdirSync(join(root, 'test'), { recursive: true })
    .map((file) => join('test', file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
  return chosen.length === 0
    ? all
    : all.filter((file) => chosen.some((each) => file.startsWith(each.replace(/^\.\//, ''))))
}

/** Pure tests start at once; the engine and the laboratory's images are made ready beside them. */
async function runAll(files, env) {
  const of = (kind) => files.filter((file) => kindOf(file) === kind)
  const engine = of('live').length + of('lab').length > 0 ? ensureEngine({ log: console.log }) : Promise.resolve()
  const bases = of('lab').length > 0 ? engine.then(() => ensureBases({ log: console.log })) : Promise.resolve({})
  engine.catch(() => undefined)
  bases.catch(() => undefined)
  const labs = bases.then((extra) => inTurn(of('lab'), 1, { cwd: root, env: { ...env, ...extra } }))
  labs.catch(() => undefined)
  const pure = await inTurn(of('pure'), WORKERS, { cwd: root, env })
  await engine
  const live = await inTurn(of('live'), WORKERS, { cwd: root, env })
  return [...pure, ...live, ...(await labs)]
}

async function inTurn(files, workers, options) {
  const waiting = [...files]
  const results = []
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runTestFile(file, options)
      report(result)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return results
}

function report({ file, passed, failed, skipped, seconds, output }) {
  const skips = skipped > 0 ? `, ${skipped} skipped` : ''
  console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${file}  ${passed} passed${skips}  ${seconds.toFixed(1)} s`)
  if (failed > 0) console.log(output.replace(/^/gm, '     '))
  else if (skipped > 0) for (const line of output.match(/^skipped: .*$/gm) ?? []) console.log(`     ${line}`)
}

async function printCoverage(directory) {
  const args = [
    'node_modules/c8/bin/c8.js',
    'report',
    '--temp-directory',
    directory,
    '--reporter',
    'text-summary',
    '--all',
    '--include',
    'src/**/*.ts',
  ]
  const { output } = await runCommand(process.execPath, args, { cwd: root })
  console.log(output)
}

function summarize(results) {
  const sum = (key) => results.reduce((total, each) => total + each[key], 0)
  const failed = sum('failed')
  if (failed > 0)
    console.log(
      `failed: ${results
        .filter((each) => each.failed > 0)
        .map((each) => each.file)
        .join(' ')}`,
    )
  console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
  return failed > 0 || results.length === 0 ? 1 : 0
}
