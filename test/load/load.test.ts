import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { loadFiles, loadText, placesOf, problemsIn } from './support.ts'

test('standard input is read like a file, from the working directory', () => {
  const { stack } = unwrap(loadFiles({}, { files: ['-'], stdin: 'services: {a: {image: x, volumes: ["./d:/d"]}}' }))
  assert.is(stack.services.a?.volumes?.[0]?.source, '/lab/d')
  assert.equal(stack.origin, { workingDir: '/lab', configFiles: ['-'] })
})

test('the project is named by the user, a variable, the file, or the directory', () => {
  const text = 'name: own\nservices: {a: {image: "${COMPOSE_PROJECT_NAME}", volumes: ["v:/v"]}}\nvolumes: {v: }'
  const named = (input: object) => {
    const { stack } = loadText(text, input)
    assert.is(stack.services.a?.image, stack.name)
    assert.is(stack.volumes.v?.name, `${stack.name}_v`)
    return stack.name
  }
  assert.is(named({}), 'own')
  assert.is(named({ environment: { COMPOSE_PROJECT_NAME: 'variable' } }), 'variable')
  assert.is(named({ projectName: 'flag', environment: { COMPOSE_PROJECT_NAME: 'variable' } }), 'flag')
  assert.is(loadText('services: {a: {image: x}}').stack.name, 'lab')
})

test('the default network is there for those that use it, and only then', () => {
  assert.equal(loadText('services: {a: {image: x}}').stack.networks, { default: { name: 'lab_default' } })
  assert.equal(loadText('services: {a: {image: x, network_mode: host}}').stack.networks, {})
})

test('the graph holds explicit and implied dependencies of active services', () => {
  const { graph } = loadText(
    'services: {a: {image: x, depends_on: [b], links: [c]}, b: {image: x, network_mode: "service:c"}, c: {image: x}}',
  )
  assert.equal(graph.layers(), [['c'], ['b'], ['a']])
})

test('problems of all phases and files come in one run, in the order of the files', () => {
  const files = {
    'stack.yaml': 'services:\n  a: {image: "${X:?}", prots: []}\n  b: {image: x, depends_on: [c], ports: ["0:0"]}\n',
    'over.yaml': 'services:\n  b: {stop_grace_period: x}\n',
  }
  const result = loadFiles(files, { files: ['/lab/stack.yaml', '/lab/over.yaml'] })
  assert.equal(placesOf(result), [
    'variable-required 2:15',
    'unknown-key 2:24',
    'unknown-service 3:30',
    'invalid-value 3:42',
    'invalid-value 2:26',
  ])
})

test('a file that cannot be parsed does not hide the problems of another', () => {
  const files = { 'stack.yaml': 'services: [', 'over.yaml': 'services: {b: {image: x, prots: []}}' }
  const codes = problemsIn(loadFiles(files, { files: ['/lab/stack.yaml', '/lab/over.yaml'] })).map(({ code }) => code)
  assert.equal(codes, ['yaml-syntax', 'unknown-key'])
})

test('texts of all files read are handed on', () => {
  const { sources } = unwrap(loadFiles({ 'stack.yaml': 'services: {a: {image: x, env_file: a.env}}', 'a.env': 'A=1' }))
  assert.equal([...sources.keys()], ['/lab/stack.yaml', '/lab/a.env'])
})

test('names that mean something to JavaScript are names like any other', () => {
  const { stack } = loadText(
    'services: {constructor: {image: x, environment: {__proto__: a, toString: b}, depends_on: [hasOwnProperty]}, hasOwnProperty: {image: y}}',
  )
  assert.equal(Object.keys(stack.services), ['constructor', 'hasOwnProperty'])
  assert.equal(Object.entries(Object.values(stack.services)[0]?.environment ?? {}), [
    ['__proto__', 'a'],
    ['toString', 'b'],
  ])
})

test.run()
