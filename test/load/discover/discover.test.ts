import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DiscoverInput, discover, filesNamed } from '../../../src/load/discover/discover.ts'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'

const STACK = 'services: {}\n'

function find(files: string[] | Record<string, string>, input: Partial<DiscoverInput> = {}) {
  const contents = Array.isArray(files) ? Object.fromEntries(files.map((file) => [file, STACK])) : files
  return discover({ files: [], cwd: '/p', environment: {}, ...input }, memoryDisk({ '/p/sub/deep/x': '', ...contents }))
}

function found(...args: Parameters<typeof find>): [string[], string, string[]] | string {
  const result = find(...args)
  if (!result.ok) return result.diagnostics.map(({ code }) => code).join()
  return [result.value.files, result.value.projectDirectory, result.warnings.map(({ code }) => code)]
}

test('names by precedence, with a warning where several are there', () => {
  const names = [
    'compose.yaml',
    'compose.yml',
    'docker-compose.yml',
    'docker-compose.yaml',
    'stack.yaml',
    'stack.yml',
  ].map((name) => `/p/${name}`)
  for (let first = 0; first < names.length; first++) {
    const rest = names.slice(first)
    assert.equal(found(rest), [[rest[0]], '/p', rest.length > 1 ? ['several-files'] : []])
  }
})

test('override files follow the file of their kind', () => {
  assert.equal(found(['/p/compose.yaml', '/p/compose.override.yaml']), [
    ['/p/compose.yaml', '/p/compose.override.yaml'],
    '/p',
    [],
  ])
  assert.equal(found(['/p/compose.yaml', '/p/docker-compose.override.yml']), [
    ['/p/compose.yaml', '/p/docker-compose.override.yml'],
    '/p',
    [],
  ])
  assert.equal(found(['/p/stack.yaml', '/p/stack.override.yaml', '/p/compose.override.yml']), [
    ['/p/stack.yaml', '/p/stack.override.yaml'],
    '/p',
    [],
  ])
  const several = ['/p/compose.yml', '/p/compose.override.yaml', '/p/compose.override.yml']
  assert.equal(found(several), [['/p/compose.yml', '/p/compose.override.yaml'], '/p', ['several-files']])
})

test('the nearest directory upwards wins, whatever its name for the file', () => {
  assert.equal(found(['/compose.yaml', '/p/sub/stack.yml'], { cwd: '/p/sub/deep' }), [
    ['/p/sub/stack.yml'],
    '/p/sub',
    [],
  ])
  assert.equal(found(['/compose.yaml'], { cwd: '/p/sub/deep' }), [['/compose.yaml'], '/', []])
})

test("stack.yaml without services is somebody else's, a broken one is ours", () => {
  const foreign = { '/compose.yaml': STACK, '/p/stack.yaml': 'resolver: lts-20\n' }
  assert.equal(found(foreign), [['/compose.yaml'], '/', []])
  assert.equal(found({ '/p/stack.yaml': 'services: [' }), [['/p/stack.yaml'], '/p', []])
})

test('-f wins over all, relative to the working directory; - is standard input', () => {
  const input = { files: ['sub/a.yaml', '-', '/x/b.yaml'], environment: { COMPOSE_FILE: 'c.yaml' } }
  assert.equal(found(['/p/compose.yaml'], input), [['/p/sub/a.yaml', '-', '/x/b.yaml'], '/p/sub', []])
  assert.equal(found([], { files: ['-'] }), [['-'], '/p', []])
})

test('COMPOSE_FILE names files, in the environment, .env or an env file', () => {
  const expected = [['/p/a.yaml', '/p/sub/b.yaml'], '/p', []]
  assert.equal(found([], { environment: { COMPOSE_FILE: 'a.yaml:sub/b.yaml' } }), expected)
  assert.equal(found([], { environment: { COMPOSE_FILE: 'a.yaml,sub/b.yaml', COMPOSE_PATH_SEPARATOR: ',' } }), expected)
  assert.equal(found({ '/p/.env': 'COMPOSE_FILE=a.yaml;sub/b.yaml\nCOMPOSE_PATH_SEPARATOR=;\n' }), expected)
  assert.equal(found({ '/p/my.env': 'COMPOSE_FILE=a.yaml:sub/b.yaml\n' }, { envFiles: ['my.env'] }), expected)
})

test('--project-directory is where the search starts and relative paths begin', () => {
  assert.equal(found(['/p/sub/compose.yaml'], { projectDirectory: 'sub' }), [['/p/sub/compose.yaml'], '/p/sub', []])
  assert.equal(found([], { files: ['x/a.yaml'], projectDirectory: 'sub' }), [['/p/x/a.yaml'], '/p/sub', []])
})

test('nothing found names what was looked for and what is there instead', () => {
  assert.is(found([]), 'no-stack-file')
  const result = find(['/p/my-compose.yaml'])
  assert.match((!result.ok && result.diagnostics[0]?.hint) || '', '-f my-compose.yaml')
})

test('COMPOSE_FILE may name files in registries and repositories', () => {
  const remote = 'oci://localhost:5000/lab:1'
  const fetched = new Map([[remote, '/cache/compose.yaml']])
  const named = (COMPOSE_FILE: string, more: Record<string, string> = {}) => {
    const input = { files: [], cwd: '/p', environment: { COMPOSE_FILE, ...more } }
    return [filesNamed(input, memoryDisk({})), found([], { ...input, fetched })]
  }
  assert.equal(named(remote), [[remote], [['/cache/compose.yaml'], '/cache', []]])
  const several = named(`${remote},own.yaml`, { COMPOSE_PATH_SEPARATOR: ',' })
  assert.equal(several, [
    [remote, 'own.yaml'],
    [['/cache/compose.yaml', '/p/own.yaml'], '/cache', []],
  ])
  assert.equal(named('a.yaml:b.yaml'), [
    ['a.yaml', 'b.yaml'],
    [['/p/a.yaml', '/p/b.yaml'], '/p', []],
  ])
})

test.run()
