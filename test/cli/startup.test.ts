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
    (file) => /^(command|backend|docker|view|source)\//.test(file) && file !== 'command/table.ts',
  )
  assert.equal(wrong, [])
})

test('imports are found', () => {
  assert.ok(staticClosure(join(src, 'main.ts')).files.length > 10)
  assert.ok(staticClosure(join(src, 'view/live-list.ts')).packages.includes('listr2'))
})

test.run()

const built = suite<{ folder: string; caches: string[] }>('a build')

built.before.each((context) => {
  ensureBuilt()
  context.folder = mkdtempSync(join(tmpdir(), 'flotilla-startup-'))
  cpSync(join(src, '../dist'), join(context.folder, 'dist'), { recursive: true })
  writeFileSync(join(context.folder, 'compose.yaml'), 'services: { one: { image: busybox } }\n')
  context.caches = cachesIn(context.folder)
})

built.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }))

function cachesIn(folder: string): string[] {
  const dist = join(folder, 'dist')
  return readdirSync(dist).flatMap((name) => (name.includes('.cache') ? [join(dist, name)] : []))
}

/** What a command prints to either stream, and its exit code. */
function run(folder: string, args: string[], nodeArgs: string[] = []): { code: number | null; printed: string } {
  const words = [...nodeArgs, join(folder, 'dist/main.js'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' })
  return { code: status, printed: stdout + stderr }
}

/** The last byte of a code cache: how many commands have added to it. */
function lessons(cache: string): number | undefined {
  return readFileSync(cache).at(-1)
}

const QUIET = { code: 0, printed: '' }

built(
  'has a code cache that V8 accepts, wherever it is installed, and adds to it',
  ({ folder, caches: [cache = ''] }) => {
    const before = lessons(cache) ?? 0
    assert.ok(before > 1, 'the build rehearses several commands')
    assert.equal(run(folder, ['config', '-q']), QUIET)
    assert.equal(cachesIn(folder), [cache])
    assert.is(lessons(cache), Math.min(before + 1, 12))
  },
)

built('makes the code cache anew when there is none, or V8 rejects it', ({ folder, caches: [cache = ''] }) => {
  for (const spoil of [() => rmSync(cache), () => truncateSync(cache, 1000), () => writeFileSync(cache, '')]) {
    spoil()
    assert.equal(run(folder, ['config', '-q']), QUIET)
    assert.equal(cachesIn(folder), [cache])
    assert.is(lessons(cache), 1)
  }
})

built('has one code cache for each set of V8 flags', ({ folder, caches }) => {
  assert.equal(run(folder, ['config', '-q'], ['--no-opt']), QUIET)
  const added = cachesIn(folder).filter((each) => !caches.includes(each))
  assert.equal(added.map(lessons), [1])
})

built('runs all the same where no code cache can be read or written', ({ folder, caches: [cache = ''] }) => {
  rmSync(cache)
  mkdirSync(cache)
  assert.equal(run(folder, ['config', '-q']), QUIET)
  assert.equal(cachesIn(folder), [cache])
})

built('stops learning in time', ({ folder, caches: [cache = ''] }) => {
  const learnt = Buffer.concat([readFileSync(cache).subarray(0, -1), Buffer.of(12)])
  writeFileSync(cache, learnt)
  assert.equal(run(folder, ['config', '-q']), QUIET)
  assert.ok(learnt.equals(readFileSync(cache)))
})

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
