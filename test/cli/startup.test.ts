import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

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
