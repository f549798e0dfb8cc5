import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'
import {
  readVariables,
  type Variables,
  type VariablesInput,
  variablesOf,
} from '../../../src/load/variable/variables.ts'

const disk = memoryDisk({
  '/p/.env': 'A=dot\nB=dot\nC=${A}\n',
  '/p/one.env': 'A=one\nB=one\n',
  '/p/two.env': 'B=two\nC=${A}-${B}\nHERE\n',
  '/p/sub/.env': '',
  '/q/x': '',
})

function read(input: Partial<VariablesInput>, directory = '/p'): Variables {
  const result = readVariables({ environment: {}, envFiles: [], workingDirectory: '/p', ...input }, disk, directory)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.value
}

function values(variables: Variables): Record<string, string | undefined> {
  return Object.fromEntries(variables.names().map((name) => [name, variables.lookup(name)?.value]))
}

test('the environment wins over .env, and takes part in it', () => {
  assert.equal(values(read({})), { A: 'dot', B: 'dot', C: 'dot' })
  assert.equal(values(read({ environment: { A: 'env', D: '' } })), { A: 'env', B: 'dot', C: 'env', D: '' })
})

test('named env files replace .env; later ones win and see the earlier ones', () => {
  const expected = { A: 'one', B: 'two', C: 'one-one', HERE: 'x' }
  const environment = { HERE: 'x' }
  assert.equal(values(read({ envFiles: ['/p/one.env', '/p/two.env'], environment })), expected)
  const { COMPOSE_ENV_FILES: _, ...found } = values(
    read({ environment: { ...environment, COMPOSE_ENV_FILES: 'one.env,two.env' } }),
  )
  assert.equal(found, expected)
})

test('flags win over COMPOSE_ENV_FILES', () => {
  assert.is(read({ envFiles: ['/p/two.env'], environment: { COMPOSE_ENV_FILES: 'one.env' } }).lookup('A'), undefined)
})

test('.env can be switched off, and need not be there', () => {
  for (const value of ['1', 'true', 'T'])
    assert.equal(read({ environment: { COMPOSE_DISABLE_ENV_FILE: value } }).names(), ['COMPOSE_DISABLE_ENV_FILE'])
  assert.is(read({ environment: { COMPOSE_DISABLE_ENV_FILE: '0' } }).lookup('A')?.value, 'dot')
  assert.equal(read({}, '/q').names(), [])
})

test('a value knows where it was set', () => {
  const variables = read({ environment: { A: 'env' } })
  assert.equal(
    [variables.lookup('A')?.from, variables.lookup('B')?.from, variables.lookup('nope')],
    ['environment', '/p/.env:2', undefined],
  )
})

test('a named env file that is missing is an error, and every broken file is reported', () => {
  const broken = memoryDisk({ '/p/a.env': 'A B=1\n', '/p/b.env': '"\n' })
  const result = readVariables(
    { environment: {}, envFiles: ['/p/a.env', '/p/c.env', '/p/b.env'], workingDirectory: '/p' },
    broken,
    '/p',
  )
  assert.equal(!result.ok && result.diagnostics.map(({ code }) => code), [
    'env-file-syntax',
    'file-missing',
    'env-file-syntax',
  ])
})

test('names that every object has are not variables', () => {
  assert.is(variablesOf({}).lookup('constructor'), undefined)
  assert.is(variablesOf({ toString: undefined }).lookup('toString'), undefined)
})

test.run()
