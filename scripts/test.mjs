// `npm test`: installs, builds, makes sure that an engine answers, runs every test. Its last line is `N passed, N failed, N skipped`.
// Names of files or folders as arguments run only those.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBases } from './base-images.mjs'
import { ensureEngine } from './engine.mjs'
import { runAsScript, run as runCommand, withoutExtraCertificates } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { ensureTestEngines } from './lib/test-engines.mjs'
import { isForEveryNode, kindOf, runJobs } from './lib/test-file.mjs'
import { ensureNodes, ensureTools } from './lib/test-tools.mjs'

const WORKERS = 2

/** Live tests wait for containers most of the time. */
const LIVE_WORKERS = 3

/** Other versions of Node are fetched where this one is among the files to run. */
const NODE_TEST = 'test/live/engines/nodes.test.ts'

await runAsScript(import.meta.url, main)

async function main() {
  await ensureBuilt({ log: console.log })
  const coverage = mkdtempSync(join(tmpdir(), 'flotilla-coverage-'))
  const chosen = testFiles(process.argv.slice(2))
  const nodes = chosen.includes(NODE_TEST) ? await ensureNodes({ log: console.log }) : {}
  withoutExtraCertificates()
  const results = await runAll(chosen, { ...process.env, NODE_V8_COVERAGE: coverage }, nodes)
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

/** Pure tests start at once; the engine, programs and the laboratory's images are made ready beside them. */
async function runAll(files, env, nodes) {
  const of = (kind) => files.filter((file) => kindOf(file) === kind)
  const engine = of('live').length + of('lab').length > 0 ? ensureEngine({ log: console.log }) : Promise.resolve()
  const tools = of('live').length > 0 ? ensureTools({ log: console.log }) : Promise.resolve({})
  const bases = of('lab').length > 0 ? engine.then(() => ensureBases({ log: console.log })) : Promise.resolve({})
  const engines = engine.then(() => ensureTestEngines(of('live'), { log: console.log }))
  for (const ready of [engine, tools, bases, engines]) ready.catch(() => undefined)
  const labs = bases.then((extra) => run(jobsOf(of('lab'), { env: { ...env, ...extra } }), 1))
  labs.catch(() => undefined)
  const pure = await run([...jobsOf(of('pure'), { env }), ...onNodes(nodes, files)], WORKERS)
  await engine
  const own = { env: { ...env, ...(await tools), FLOTILLA_TEST_NODES: JSON.stringify(nodes) } }
  const further = (await engines).flatMap((engine) => onEngine(engine, own))
  const live = await run([...jobsOf(of('live'), own), ...further], LIVE_WORKERS)
  return [...pure, ...live, ...(await labs)]
}

function run(jobs, workers) {
  return runJobs(jobs, { workers, report })
}

/** All of them share one place, and so a process per worker. */
function jobsOf(files, { env, ...place }) {
  const shared = { cwd: root, env, ...place }
  return files.map((file) => ({ file, place: shared }))
}

/** Copies of images come from the machine's own engine, which has run these files by then. */
function onEngine({ title, files, env, within, skip }, own) {
  if (skip) return [{ file: `${files.length} files on a ${title}`, skip }]
  return jobsOf(files, { env: { ...own.env, ...env }, title, within })
}

/** Without coverage, which is measured once. */
function onNodes(nodes, files) {
  const chosen = files.filter(isForEveryNode)
  const { NODE_V8_COVERAGE, ...env } = process.env
  return Object.entries(nodes).flatMap(([version, node]) => jobsOf(chosen, { env, node, title: `Node ${version}` }))
}

function report({ file, title, passed, failed, skipped, seconds, output }) {
  const skips = skipped > 0 ? `, ${skipped} skipped` : ''
  const where = title ? ` (${title})` : ''
  console.log(`${failed > 0 ? 'FAIL' : 'ok  '} ${file}${where}  ${passed} passed${skips}  ${seconds.toFixed(1)} s`)
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

        .map(({ file, title }) => (title ? `${file} (${title})` : file))
        .join(' ')}`,
    )
  console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
  return failed > 0 || results.length === 0 ? 1 : 0
}
