import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Graph } from '../src/graph/graph.ts'
import { LAYERS, PACKAGES } from './layers.ts'

/** Of `backend/engine`, lowest first: a folder imports from lower ones only. `backend.ts` beside them joins them. */
const ENGINE_FLOORS = ['lower', 'compare', 'observe', 'database', 'check', 'plan', 'transfer', 'read', 'perform']

/** Of `load` likewise. A file at its root on which folders build is a floor too; the others there are the highest. */
const LOAD_FLOORS = [
  'input.ts',
  'tree',
  'findings.ts',
  'file',
  'variable',
  'discover',
  'schema',
  'canonical',
  'merge',
  'model',
  'check',
  'explain',
  'print',
]

/** Circles of imports that still have to be opened, lazy imports counted. What is no circle any more leaves the list; nothing joins it. */
const CIRCLES: string[] = []

interface Import {
  file: string
  from: string
  specifier: string
}

const src = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../src')
const files = readdirSync(src, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.includes('generated/'))
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => found[1] ?? '')
  return specifiers.map((specifier) => ({ file, from: folderOf(file), specifier }))
}

/** `backend/engine/plan/command/up.ts` lies in `backend`; `main.ts` and `index.ts` are folders of their own. */
function folderOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function targetOf({ file, specifier }: Import): string {
  return normalize(join(dirname(file), specifier)).replaceAll('\\', '/')
}

const relative = imports.filter(({ specifier }) => specifier.startsWith('.'))

test('there are imports to look at', () => {
  assert.ok(relative.length > 100)
})

test('every folder has its line in the table', () => {
  assert.equal(
    [...new Set(files.map(folderOf))].filter((folder) => !(folder in LAYERS)),
    [],
  )
})

test('a folder imports only what its layer may', () => {
  const wrong = relative.filter((each) => {
    const target = folderOf(targetOf(each))
    return target !== each.from && !LAYERS[each.from]?.includes(target)
  })
  assert.equal(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  )
})

test('no folder may import what it does not', () => {
  const used = new Set(relative.map((each) => `${each.from} ${folderOf(targetOf(each))}`))
  const idle = Object.entries(LAYERS).flatMap(([from, targets]) => targets.map((target) => `${from} ${target}`))
  assert.equal(
    idle.filter((each) => !used.has(each)),
    [],
  )
})

test('no floor of an engine imports from a higher one', () => {
  assert.equal(
    upwards((path) => ENGINE_FLOORS.indexOf(/^backend\/engine\/([^/]+)\//.exec(path)?.[1] ?? '')),
    [],
  )
})

test('no floor of loading imports from a higher one', () => {
  const floorOf = (path: string) => {
    const [folder, floor = ''] = path.split('/')
    if (folder !== 'load' || floor === 'generated') return -1
    return LOAD_FLOORS.includes(floor) ? LOAD_FLOORS.indexOf(floor) : LOAD_FLOORS.length
  }
  assert.equal(upwards(floorOf), [])
})

test('every folder of loading is a floor', () => {
  const folders = files.flatMap((file) => /^load\/([^/]+)\//.exec(file)?.[1] ?? [])
  assert.equal([...new Set(folders)].sort(), LOAD_FLOORS.filter((floor) => !floor.endsWith('.ts')).sort())
})

/** Imports that lead from a floor to a higher one; files of no floor, -1, may import and be imported. */
function upwards(floorOf: (path: string) => number): string[] {
  return relative
    .filter((each) => floorOf(each.file) >= 0 && floorOf(targetOf(each)) > floorOf(each.file))
    .map(({ file, specifier }) => `${file} imports ${specifier}`)
}

test('the records of the planner rest on no planner', () => {
  const used = relative.filter(({ file }) => file === 'backend/engine/plan/types.ts').map(targetOf)
  const inside = used.filter((target) => target.startsWith('backend/engine/')).map(dirname)
  assert.equal([...new Set(inside)].sort(), ['backend/engine', 'backend/engine/lower', 'backend/engine/observe'])
})

test('every folder of an engine is a floor', () => {
  const folders = files.flatMap((file) => /^backend\/engine\/([^/]+)\//.exec(file)?.[1] ?? [])
  assert.equal([...new Set(folders)].sort(), [...ENGINE_FLOORS].sort())
})

test('imports, of values and of types, make no circles but the known ones', () => {
  const graph = new Graph(files.map((file) => [file, relative.filter((each) => each.file === file).map(targetOf)]))
  assert.equal(
    graph
      .cycles()
      .map((circle) => circle.join(' '))
      .sort(),
    CIRCLES,
  )
})

test('no folder holds more than 25 files side by side', () => {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  assert.equal(
    [...counts].filter(([, count]) => count > 25),
    [],
  )
})

test('backends see the port to an engine, not how it is reached', () => {
  const seen = relative.filter((each) => each.from === 'backend' && folderOf(targetOf(each)) === 'docker').map(targetOf)
  assert.equal([...new Set(seen)].sort(), ['docker/port.ts', 'docker/spec.ts'])
})

/** Below all backends: what all read, then what backends of Docker share. */
const SHARED = ['read', 'docker']

test('backends do not know each other', () => {
  const isBelow = (to: string, from: string) =>
    SHARED.includes(to) && (!SHARED.includes(from) || SHARED.indexOf(to) < SHARED.indexOf(from))
  const kinds = (path: string) =>
    path.startsWith('backend/') && path.split('/').length > 2 ? path.split('/')[1] : undefined
  const crossed = relative.filter((each) => {
    const [from, to] = [kinds(each.file), kinds(targetOf(each))]
    return from !== undefined && to !== undefined && from !== to && !isBelow(to, from)
  })
  assert.equal(
    crossed.map(({ file }) => file),
    [],
  )
})

test('a package is used in its folder only', () => {
  const packageOf = (specifier: string) => specifier.split('/')[specifier.startsWith('@') ? 1 : 0] ?? ''
  const wrong = imports.filter(({ from, specifier }) => {
    const owner = PACKAGES[packageOf(specifier)]
    return owner !== undefined && owner !== from
  })
  assert.equal(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  )
})

test('only main.ts touches the process', () => {
  const touching = files.filter((file) => file !== 'main.ts' && /(?<![./\w'"`])process\.\w/.test(withoutComments(file)))
  assert.equal(touching, [])
})

test('the error of an engine is known to its client and its backend, and as a BackendError to all others', () => {
  const known = /^(?:docker|backend\/(?:docker|engine))\/|^index\.ts$/
  const naming = files.filter(
    (file) => !known.test(file) && /\bEngineError\b/.test(readFileSync(join(src, file), 'utf8')),
  )
  assert.equal(naming, [])
})

test('labels of containers are read by backends only', () => {
  const reading = relative.filter((each) => each.from !== 'backend' && targetOf(each) === 'backend/docker/labels.ts')
  assert.equal(
    reading.map(({ file }) => file),
    [],
  )
})

test('states of containers are compared in one file, by the predicates of all others', () => {
  const state = "'(?:created|running|paused|restarting|removing|exited|dead)'"
  const comparing = new RegExp(`\\bstate [!=]== ${state}|\\[${state}, ${state}|${state}\\)?\\.(?:has|includes)\\(`)
  const free = /^(?:view|docker|load|cli)\/|^backend\/(?:state\.ts|engine\/observe\/)/
  const found = files.filter((file) => !free.test(file) && comparing.test(withoutComments(file)))
  assert.equal(found, [])
})

test('only disk.ts of load touches the file system', () => {
  const touching = imports.filter(
    ({ from, specifier }) => from === 'load' && /^node:(fs|child_process)/.test(specifier),
  )
  assert.equal([...new Set(touching.map(({ file }) => file))], ['load/file/disk.ts'])
})

test('no file but index.ts only passes on what others export', () => {
  const barrels = files.filter(
    (file) => file !== 'index.ts' && /^export \* from/m.test(readFileSync(join(src, file), 'utf8')),
  )
  assert.equal(barrels, [])
})

function withoutComments(file: string): string {
  return readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}

test.run()
