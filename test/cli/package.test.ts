import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, normalize } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { build } from '../../scripts/build.mjs'

const root = join(import.meta.dirname, '../..')
const { bin, main, man, types, files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What `npm pack` makes of the project after its `prepack` script, installed. */
const installed = suite<{ folder: string }>('the package')

installed.before(async (context) => {
  context.folder = mkdtempSync(join(root, 'node_modules/.flotilla-package-'))
  const flotilla = join(context.folder, 'node_modules/flotilla')
  mkdirSync(flotilla, { recursive: true })
  copyFileSync(join(root, 'package.json'), join(flotilla, 'package.json'))
  await build({ dist: join(flotilla, 'dist'), types: true })
  for (const name of files.filter((each: string) => each !== 'dist'))
    cpSync(join(root, name), join(flotilla, name), { recursive: true })
  mkdirSync(join(context.folder, 'node_modules/.bin'))
  symlinkSync('../flotilla/dist/main.js', join(context.folder, 'node_modules/.bin/flotilla'))
})

installed.after(({ folder }) => rmSync(folder, { recursive: true, force: true }))

installed('holds what package.json names', ({ folder }) => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const [packed] = JSON.parse(
    execFileSync('npm', words, { cwd: join(folder, 'node_modules/flotilla'), encoding: 'utf8' }),
  )
  const paths = packed.files.map((each: { path: string }) => each.path)
  for (const name of [bin.flotilla, main, types]) assert.ok(paths.includes(normalize(name)), `${name} is missing`)
  const pages = paths.filter((path: string) => path.startsWith('dist/man/'))
  assert.equal(man, pages.sort(), 'npm links the pages that package.json lists')
  assert.ok(!paths.some((path: string) => path.startsWith('src/')))
})

installed('runs by its linked name', ({ folder }) => {
  const program = join(folder, 'node_modules/.bin/flotilla')
  const { status, stdout, stderr } = spawnSync(program, ['help'], { cwd: folder, encoding: 'utf8' })
  assert.equal([status, stderr], [0, ''])
  assert.match(stdout, /flotilla/)
})

installed('brings its manual, where npm links or installs it globally', ({ folder }) => {
  const prefix = join(folder, 'global')
  mkdirSync(join(prefix, 'lib'), { recursive: true })
  const env = { ...process.env, npm_config_prefix: prefix, npm_config_offline: 'true', npm_config_audit: 'false' }
  const cwd = join(folder, 'node_modules/flotilla')
  execFileSync('npm', ['link', '--ignore-scripts'], { cwd, env, stdio: 'pipe' })
  for (const page of ['flotilla.1', 'flotilla-up.1'])
    assert.match(readFileSync(join(prefix, 'share/man/man1', page), 'utf8'), /^\.TH "?flotilla/im)
})

installed('is a library of ES modules', ({ folder }) => {
  writeFileSync(join(folder, 'use.mjs'), "import { load, UP } from 'flotilla'; console.log(typeof load, typeof UP)\n")
  assert.is(execFileSync(process.execPath, ['use.mjs'], { cwd: folder, encoding: 'utf8' }), 'function object\n')
})

installed('has types that a project of strict TypeScript can use', ({ folder }) => {
  const use = "import { type Loaded, load } from 'flotilla'\nexport const used: Loaded | typeof load ="
  writeFileSync(join(folder, 'right.mts'), `${use} load\n`)
  writeFileSync(join(folder, 'wrong.mts'), `${use} 1\n`)
  assert.ok(existsSync(join(folder, 'node_modules/flotilla', types)))
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/library.md'), 'utf8')) ?? []
  writeFileSync(join(folder, 'example.mts'), example)
  assert.match(
    typeErrors(folder, ['right.mts', 'example.mts', 'wrong.mts']),
    /^wrong\.mts\(2,\d+\): error TS2322: [^\n]*\n$/,
  )
})

/** One line an error. */
function typeErrors(folder: string, files: string[]): string {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
  const words = [tsc, ...options, '--ignoreConfig', '--pretty', 'false', ...files]
  return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' }).stdout
}

installed.run()
