import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { normalizeProjectName, readProjectName } from '../../../src/load/discover/project-name.ts'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'
import { variablesOf } from '../../../src/load/variable/variables.ts'

interface Given {
  flag?: string
  environment?: Record<string, string>
  files?: Record<string, string>
  directory?: string
}

function resolve({
  flag,
  environment = {},
  files = { '/p/a.yaml': 'services: {}\n' },
  directory = '/p/My Lab',
}: Given) {
  const input = { files: Object.keys(files), ...(flag !== undefined && { projectName: flag }) }
  return readProjectName(input, variablesOf(environment), memoryDisk(files), directory)
}

function name(given: Given): string {
  const result = resolve(given)
  return result.ok
    ? result.value
    : result.diagnostics.map(({ code, at }) => (at ? `${code} ${at.line}:${at.col}` : code)).join()
}

const named = { '/p/a.yaml': 'name: one\n', '/p/b.yaml': 'name: ${STAGE:-two}\n', '/p/c.yaml': 'services: {}\n' }

test('flag, variable, last name in the files, directory: in this order', () => {
  const environment = { COMPOSE_PROJECT_NAME: 'from-env', STAGE: 'dev' }
  assert.is(name({ flag: 'flag', environment, files: named }), 'flag')
  assert.is(name({ environment, files: named }), 'from-env')
  assert.is(name({ environment: { STAGE: 'dev' }, files: named }), 'dev')
  assert.is(name({ files: named }), 'two')
  assert.is(name({}), 'mylab')
})

test('an empty name counts for nothing', () => {
  assert.is(
    name({ flag: '', environment: { COMPOSE_PROJECT_NAME: '' }, files: { '/p/a.yaml': 'name: ""\n' } }),
    'mylab',
  )
  assert.is(name({ files: { '/p/a.yaml': 'name:\nservices: {}\n' } }), 'mylab')
})

test('names by flag or variable must be valid, as docker compose has it', () => {
  for (const bad of ['Foo', 'a b', '_x', '-x', 'ä']) {
    assert.is(name({ flag: bad }), 'invalid-value', bad)
    assert.is(name({ environment: { COMPOSE_PROJECT_NAME: bad } }), 'invalid-value', bad)
  }
})

test('a name in a file is made valid, with a warning that points at it', () => {
  const result = resolve({ files: { '/p/a.yaml': 'services: {}\nname: My Lab\n' } })
  assert.equal(result.ok && [result.value, result.warnings.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`)], [
    'mylab',
    ['invalid-value 2:7'],
  ])
  assert.is(name({ files: { '/p/a.yaml': 'name: "__"\n' } }), 'invalid-value 1:7')
})

test('problems of the files are reported, but only if the name may be in them', () => {
  const files = { '/p/a.yaml': 'name: [\n', '/p/b.yaml': 'name: ${X:?no}\n' }
  assert.is(name({ files }), 'yaml-syntax 1:7')
  assert.is(name({ files: { ...files, '/p/a.yaml': 'a: [\n' } }), 'variable-required 1:7')
  assert.is(name({ files: { '/p/b.yaml': 'name: ${X:?no}\n' } }), 'variable-required 1:7')
  assert.is(name({ files, flag: 'x' }), 'x')
})

test('a directory without a usable name needs another one', () => {
  assert.is(name({ directory: '/' }), 'invalid-value')
})

test('a normal name is valid and stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const normal = normalizeProjectName(text)
      assert.is(normalizeProjectName(normal), normal)
      assert.ok(normal === '' || /^[a-z0-9][a-z0-9_-]*$/.test(normal))
    }),
  )
})

test.run()
