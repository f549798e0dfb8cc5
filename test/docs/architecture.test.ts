import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LAYERS, PACKAGES } from '../layers.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')
const files = ['src', 'test', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((file) => basename(String(file))),
)

/** `NAME` and `GROUP` stand for a name of the reader's, `dist` is made by the build. */
const isOfReader = (path: string) => /[A-Z]{4,}|\*|^dist\b/.test(path)

test('every file and folder that the page names exists', () => {
  const paths = [...page.matchAll(/`([\w./-]+)`/g)].map(([, path = '']) => path).filter((path) => !isOfReader(path))
  const named = paths.filter((path) => /\.(?:ts|mjs|cjs|json|md|yaml)$|\w\/\w|\w\/$/.test(path))
  const missing = named.filter(
    (path) => ![root, join(root, 'src'), join(root, 'docs')].some((folder) => existsSync(join(folder, path))),
  )
  assert.equal(
    missing.filter((path) => path.includes('/') || !files.includes(path)),
    [],
  )
})

/** The rows of the table of folders: name, what it may import, and packages that it alone uses. */
const ROWS = [...page.matchAll(/^\| `([\w.]+)` \|.*\| ([^|]*) \| ?([^|]*)\|$/gm)]
  .map(([, name = '', imports = '', packages = '']) => ({ name: name.replace('.ts', ''), imports, packages }))
  .filter(({ name }) => name in LAYERS)

test('the table of folders is the one that the imports are held to', () => {
  const table = Object.fromEntries(ROWS.map(({ name, imports }) => [name, namesIn(imports)]))
  const law = Object.fromEntries(Object.entries(LAYERS).map(([name, imports]) => [name, [...imports].sort()]))
  assert.equal(table, law)
})

test('packages that one folder alone uses stand in its row', () => {
  const missing = Object.entries(PACKAGES).filter(
    ([name, folder]) => !ROWS.some((row) => row.name === folder && row.packages.includes(name)),
  )
  assert.equal(missing, [])
})

/** "project's types" is about a part of that folder. */
function namesIn(imports: string): string[] {
  const names = imports.split(',').map((each) => each.trim().split(/['\s]/)[0] ?? '')
  return names.filter((name) => name !== 'nothing' && name !== 'the').sort()
}

test.run()
