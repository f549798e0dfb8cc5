// `npm test`: installs, builds, makes sure that an engine answers, runs every test. Its last line is `N passed, N failed, N skipped`.
// Names of files or folders as arguments run only those.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBases } from './base-images.mjs'
import { ensureClients } from './clients/lib/short.mjs'
import { ensureEngine } from './engine.mjs'
import { withCompiledTests } from './lib/compile-tests.mjs'
import { chosenEndpoint } from './lib/endpoint.mjs'
import { engineClient } from './lib/engine-http.mjs'
import { runAsScript, run as runCommand } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { sweep } from './lib/sweep.mjs'
import { ensureTestEngines } from './lib/test-engines.mjs'
import { isForEveryNode, kindOf, runJobs } from './lib/test-file.mjs'
import { ensureNodes, ensureTools } from './lib/test-tools.mjs'

/** Of each kind. Live tests wait for containers much of the time. */
const WORKERS = { pure: 2, live: 3, lab: 1 }

/** Programs that drive `docker compose` are fetched where a test of them is among the files to run. */
const CLIENT_TESTS = 'test/live/clients/'

/** Other versions of Node are fetched where this one is among the files to run. */
const NODE_TEST = 'test/live/engines/nodes.test.ts'

const log = console.log

await runAsScript(import.meta.url, main)

async function main() {
  await ensureBuilt({ log })
  const chosen = testFiles(process.argv.slice(2))
  if (chosen.some((file) => file.startsWith(CLIENT_TESTS))) await ensureClients({ log })
  process.exitCode = summarize(await withCompiledTests((compiled) => runIn(compiled, chosen)))
}

async function runIn(compiled, chosen) {
  const coverage = join(compiled, 'coverage')
  const results = await runAll(chosen, { cwd: root, compiled, env: environment(coverage) })
  if (chosen.length > 1) await printCoverage(coverage)
  return results
}

/** Node 20 parses the extra certificates at each start, which takes 40 to 45 ms that are not flotilla's. */
function environment(coverage) {
  const { NODE_EXTRA_CA_CERTS, ...env } = process.env
  return { ...env, NODE_V8_COVERAGE: coverage }
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

/**
 * Pure tests run first, while the engine, programs and the laboratory's images are made ready: beside live tests, which keep the processors
 * busy, they would exceed their limits.
 */
async function runAll(files, place) {
  const of = (kind) => files.filter((file) => kindOf(file) === kind)
  const nodes = files.includes(NODE_TEST) ? ensureNodes({ log }) : Promise.resolve({})
  const engine = of('live').length + of('lab').length > 0 ? ensureEngine({ log }) : Promise.resolve()
  const pure = runPure(of('pure'), nodes, place)
  const kinds = [pure, runLive(of('live'), { engine, nodes, pure }, place), runLab(of('lab'), engine, place)]
  // One that fails ends none of the others.
  const ended = await Promise.allSettled(kinds)
  const failed = ended.find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
  return ended.flatMap(({ value }) => value)
}

function runPure(files, nodes, place) {
  return run('pure', [jobsOf(files, place), nodes.then((found) => onNodes(found, files, place))])
}

async function runLive(files, { engine, nodes, pure }, place) {
  if (files.length === 0) return []
  const endpoint = await engine
  // An engine that the user chose may serve others. The laboratory's tests run on the machine's engine, and take longest.
  if (!chosenEndpoint()) await sweep(engineClient(endpoint), 60)
  const engines = ensureTestEngines(files, { log })
  engines.catch(() => undefined)
  const env = { ...place.env, ...(await ensureTools({ log })), FLOTILLA_TEST_NODES: JSON.stringify(await nodes) }
  const own = { ...place, env }
  await pure
  return run('live', [jobsOf(files, own), engines.then((found) => found.flatMap((each) => onEngine(each, own)))])
}

async function runLab(files, engine, place) {
  if (files.length === 0) return []
  await engine
  const bases = await ensureBases({ log })
  return run('lab', [jobsOf(files, { ...place, env: { ...place.env, ...bases } })])
}

function run(kind, batches) {
  return runJobs(batches, { workers: WORKERS[kind], report })
}

/** All of them share one place, and so a process per worker. */
function jobsOf(files, place) {
  return files.map((file) => ({ file, place }))
}

/** Copies of images come from the machine's own engine, if it has them. */
function onEngine({ title, files, env, within, skip }, own) {
  if (skip) return [{ file: `${files.length} files on a ${title}`, skip }]
  return jobsOf(files, { ...own, env: { ...own.env, ...env }, title, within })
}

/** Without coverage, which is measured once. */
function onNodes(nodes, files, place) {
  const chosen = files.filter(isForEveryNode)
  const { NODE_V8_COVERAGE, ...env } = place.env
  return Object.entries(nodes).flatMap(([version, node]) =>
    jobsOf(chosen, { ...place, env, node, title: `Node ${version}` }),
  )
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
    '--exclude-after-remap',
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
