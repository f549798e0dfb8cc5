import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { suite, test } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureBuilt } from '../support/cli.ts'

/** What takes long to load must come by a dynamic `import()`, when it is needed. */
const HEAVY = /^(dockerode|listr2|chalk|js-yaml|ajv)(\/|$)/

const src = join(import.meta.dirname, '../../src')

/** Everything that a file loads at once: files below src, and packages. */
function staticClosure(start: string): { files: string[]; packages: string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const open = [start]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue
    files.add(file)
    for (const specifier of staticImports(file)) {
      if (specifier.startsWith('.')) open.push(join(dirname(file), specifier))
      else packages.add(specifier)
    }
  }
  return { files: [...files], packages: [...packages] }
}

/** Specifiers of `import … from '…'` statements that are not for types alone. */
function staticImports(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const statements = [...text.matchAll(/^(?:import|export)\s+(?!type\b)([^;'"]*?)\s*from\s+'([^']+)'/gm)]
  return statements.filter(([, names = '']) => !onlyTypes(names)).map(([, , specifier = '']) => specifier)
}

function onlyTypes(names: string): boolean {
  const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
  return listed?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false
}

const entries = ['main.ts', ...readdirSync(join(src, 'command')).map((name) => join('command', name))].filter((file) =>
  file.endsWith('.ts'),
)

for (const entry of entries) {
  test(`${entry} loads nothing heavy before it is needed`, () => {
    const { files, packages } = staticClosure(join(src, entry))
    assert.ok(files.every((file) => existsSync(file)))
    assert.equal(
      packages.filter((name) => HEAVY.test(name)),
      [],
    )
  })
}

test('main.ts loads no command, no backend, no engine and no view at once', () => {
  const folders = staticClosure(join(src, 'main.ts')).files.map((file) => relative(src, file).replaceAll('\\', '/'))
  const wrong = folders.filter(
    (file) => /^(command|backend|docker|view|yaml)\//.test(file) && file !== 'command/table.ts',
  )
  assert.equal(wrong, [])
})

test('imports are found', () => {
  assert.ok(staticClosure(join(src, 'main.ts')).files.length > 10)
  assert.ok(staticClosure(join(src, 'view/progress/live-list.ts')).packages.includes('listr2'))
})

test.run()

const built = suite<{ folder: string; caches: string[] }>('a build')

built.before.each((context) => {
  ensureBuilt()
  context.folder = mkdtempSync(join(tmpdir(), 'flotilla-startup-'))
  // Another version of Node may have made the build, and its cache.
  const filter = (file: string) => !file.includes('.cache')
  cpSync(join(src, '../dist'), join(context.folder, 'dist'), { recursive: true, filter })
  writeFileSync(join(context.folder, 'compose.yaml'), 'services: { one: { image: busybox } }\n')
  run(context.folder, ['config', '-q'])
  context.caches = cachesIn(context.folder)
})

built.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

function cachesIn(folder: string, dist = join(folder, 'dist')): string[] {
  return readdirSync(dist).flatMap((name) => (name.includes('.cache') ? [join(dist, name)] : []))
}

/** What a command prints to either stream, and its exit code. */
function run(folder: string, args: string[], nodeArgs: string[] = []): { code: number | null; printed: string } {
  const words = [...nodeArgs, join(folder, 'dist/main.js'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' })
  return { code: status, printed: stdout + stderr }
}

/** How many runs of each command have added to a code cache, as scripts/lib/starter.cjs writes it. */
function lessons(cache: string): Record<string, number> {
  const packed = readFileSync(cache)
  const end = packed.length - 4
  return JSON.parse(packed.toString('utf8', end - packed.readUInt32LE(end), end))
}

function teach(cache: string, counts: Record<string, number>): Buffer {
  const old = Buffer.byteLength(JSON.stringify(lessons(cache))) + 4
  const json = Buffer.from(JSON.stringify(counts))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const packed = Buffer.concat([readFileSync(cache).subarray(0, -old), json, length])
  writeFileSync(cache, packed)
  return packed
}

const QUIET = { code: 0, printed: '' }

built('has a code cache in which the build has rehearsed commands', () => {
  const counts = cachesIn(src, join(src, '../dist')).map(lessons)
  assert.ok(counts.some(({ up = 0 }) => up > 1))
})

built('has a code cache that V8 accepts, wherever it is installed, and adds to it', ({ folder, caches }) => {
  assert.equal(caches.map(lessons), [{ config: 1 }])
  assert.equal(run(folder, ['config', '-q']), QUIET)
  assert.equal(cachesIn(folder).map(lessons), [{ config: 2 }])
  assert.equal(cachesIn(folder), caches)
})

built('writes a new code cache when there is none, or V8 rejects it', ({ folder, caches: [cache = ''] }) => {
  for (const spoil of [() => rmSync(cache), () => truncateSync(cache, 1000), () => writeFileSync(cache, '')]) {
    spoil()
    assert.equal(run(folder, ['config', '-q']), QUIET)
    assert.equal(cachesIn(folder), [cache])
    assert.equal(lessons(cache), { config: 1 })
  }
})

built('has one code cache for each set of V8 flags', ({ folder, caches }) => {
  assert.equal(run(folder, ['config', '-q'], ['--no-opt']), QUIET)
  const added = cachesIn(folder).filter((each) => !caches.includes(each))
  assert.equal(added.map(lessons), [{ config: 1 }])
})

built('runs all the same where no code cache can be read or written', ({ folder, caches: [cache = ''] }) => {
  rmSync(cache)
  mkdirSync(cache)
  assert.equal(run(folder, ['config', '-q']), QUIET)
  assert.equal(cachesIn(folder), [cache])
})

built(
  'learns each command in a few runs, whichever other commands have run before',
  ({ folder, caches: [cache = ''] }) => {
    teach(cache, { version: 4, up: 4 })
    assert.equal(run(folder, ['config', '-q']), QUIET)
    assert.equal(lessons(cache), { version: 4, up: 4, config: 1 })
    const learnt = teach(cache, { config: 4 })
    assert.equal(run(folder, ['config', '-q']), QUIET)
    assert.ok(learnt.equals(readFileSync(cache)))
  },
)

built('loads no network, no processes and no cryptography to check a file', ({ folder }) => {
  const spy = join(folder, 'spy.cjs')
  writeFileSync(spy, "process.on('exit', () => process._rawDebug(process.moduleLoadList.join('\\n')))\n")
  const { code, printed } = run(folder, ['config', '-q'], ['-r', spy])
  assert.is(code, 0)
  assert.match(printed, /^NativeModule fs$/m)
  const modules = printed.match(/^NativeModule (http|https|http2|_http_client|tls|dns|child_process|crypto|zlib)$/gm)
  assert.equal(modules, null)
})

built.run()
