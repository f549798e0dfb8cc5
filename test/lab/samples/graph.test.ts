import { chownSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { betweenness, type Graph, neighboursIn, pagerank } from './centrality.ts'
import { bordersInPostgis, graphIn, PASSWORDS, storedBetweenness } from './graph-databases.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/graph: the notebooks in Python and in R find the same, which is also what is computed here. */
const TOKEN = 'a-token-for-the-test'

/** The owner of the mounted folder, where the tests may choose one. */
const OWNER = 4321

/** Of each country, by its code. */
type Values = Record<string, number>

interface Summary {
  countries: number
  neighbours: number
  kilometres: number
  degree: Values
  betweenness: Values
  betweenness_km: Values
  pagerank: Values
}

sampleTest('graph', 'graph: graph_tool and igraph agree on what both databases hold', async (scene) => {
  const { run, env } = scene
  const folder = folderOf(scene)
  Object.assign(env, await freePortsFor('NEO4J_PORT', 'BOLT_PORT', 'POSTGIS_PORT', 'JUPYTER_PORT'), {
    JUPYTER_TOKEN: TOKEN,
  })
  succeeded(await run('up', '-d', '--wait'))
  const page = `http://127.0.0.1:${env.JUPYTER_PORT}/lab?token=${TOKEN}`
  assert.is(succeeded(await run('open', 'jupyter', '--print')).stdout.trim(), page)
  assert.is((await fetch(page)).status, 200)

  const inPython = await executed<Summary>(scene, 'centrality-in-python')
  const inR = await executed<Summary>(scene, 'centrality-in-r')
  const graph = await graphIn(scene)
  assert.equal(graph.borders, await bordersInPostgis(scene))
  assertClose(inPython, expected(graph))
  assertClose(inR, inPython)
  assert.equal(await storedBetweenness(scene), inPython.betweenness)
  const map = readFileSync(join(folder, 'centrality.png'))
  assert.is(map.subarray(1, 4).toString(), 'PNG')
  assert.ok(map.length > 50_000)
  assert.is(statSync(join(folder, 'centrality.png')).uid, statSync(folder).uid)

  assertParallel(await executed<Parallel>(scene, 'parallel'))
  const { stdout, stderr } = succeeded(await run('logs'))
  for (const secret of [TOKEN, ...Object.values(PASSWORDS)]) assert.not.match(stdout + stderr, secret)
})

/** The mounted folder, as an ordinary user's, without what notebooks wrote. */
function folderOf({ sample }: SampleScene): string {
  const folder = join(sample, 'work')
  for (const name of readdirSync(folder)) if (/\.(json|png)$/.test(name)) rmSync(join(folder, name))
  if (process.getuid?.() !== 0) return folder
  for (const path of [folder, ...readdirSync(folder).map((each) => join(folder, each))]) chownSync(path, OWNER, OWNER)
  return folder
}

/** Executes a notebook in the container; its numbers, which it prints and writes beside itself. */
async function executed<T>({ run, sample }: SampleScene, name: string): Promise<T> {
  const command = ['jupyter', 'nbconvert', '--to', 'notebook', '--execute', '--stdout', `${name}.ipynb`]
  const user = ['-u', 'jovyan', '-e', 'HOME=/home/jovyan']
  const { cells } = JSON.parse(succeeded(await run('exec', '-T', ...user, 'jupyter', ...command)).stdout)
  const printed = JSON.parse(cells.at(-1).outputs[0].text.join(''))
  assert.equal(JSON.parse(readFileSync(join(sample, 'work', `${name}.json`), 'utf8')), printed)
  return printed
}

function expected(graph: Graph): Summary {
  const byBorders = { ...graph, edges: graph.edges.map((each) => ({ ...each, weight: 1 })) }
  return {
    countries: graph.vertices.length,
    neighbours: graph.edges.length,
    kilometres: graph.edges.reduce((sum, { weight }) => sum + weight, 0),
    degree: Object.fromEntries([...neighboursIn(graph)].map(([code, list]) => [code, list.length])),
    betweenness: betweenness(byBorders),
    betweenness_km: betweenness(graph),
    pagerank: pagerank(graph),
  }
}

/** Equal but for the last digits: the programs add up in different orders. */
function assertClose(actual: unknown, wanted: unknown, where = ''): void {
  if (typeof wanted === 'number') assert.ok(isClose(actual, wanted), `${where}: ${actual} for ${wanted}`)
  if (typeof wanted === 'number') return
  const [found, given] = [actual, wanted] as Record<string, unknown>[]
  assert.equal(Object.keys(found ?? {}).sort(), Object.keys(given ?? {}).sort(), where)
  for (const key of Object.keys(given ?? {})) assertClose(found?.[key], given?.[key], `${where}.${key}`)
}

function isClose(actual: unknown, wanted: number): boolean {
  return typeof actual === 'number' && Math.abs(actual - wanted) <= 1e-9 * Math.max(1e-3, Math.abs(wanted))
}

interface Parallel {
  available: number
  difference: number
  alone: Work
  together: Work
}

/** What each busy thread took of the processors, in seconds, longest first. */
interface Work {
  threads: number
  seconds: number[]
  processors: number
}

/** However busy the machine is: how long it takes says nothing there, but what each thread did does. */
function assertParallel({ available, difference, alone, together }: Parallel): void {
  assert.ok(difference < 1e-12)
  assert.is(alone.seconds.length, 1)
  assert.is(available, availableParallelism())
  if (available === 1) return
  assert.is(together.threads, available)
  assert.ok(together.seconds.length > 1, JSON.stringify(together))
  assert.ok(together.processors > 1)
}

test.run()
