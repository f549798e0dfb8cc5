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

test('names are joined as Compose 1 joined them where the user or a variable says so', () => {
  const text = 'services: {a: {build: .}}'
  const joined = (input: object) => loadText(text, input).stack.separator
  assert.is(joined({}), undefined)
  assert.is(joined({ compatibility: true }), '_')
  for (const value of ['1', 'true', 'TRUE']) assert.is(joined({ environment: { COMPOSE_COMPATIBILITY: value } }), '_')
  for (const value of ['', '0', 'yes', 'false'])
    assert.is(joined({ environment: { COMPOSE_COMPATIBILITY: value } }), undefined)
})

test('paths of keys are relative to the project directory, however they are written', () => {
  const keys = (ssh: string) =>
    loadText(`services: {a: {build: {context: ., ssh: ${ssh}}}}`).stack.services.a?.build?.ssh
  assert.equal(keys('["id=./k", "abs=/k", default]'), ['id=/lab/k', 'abs=/k', 'default'])
  assert.equal(keys('{id: keys/k, default: }'), ['id=/lab/keys/k', 'default'])
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

test('a sound file is loaded without formatting a number: that takes 30 ms the first time', () => {
  const format = Number.prototype.toLocaleString
  let uses = 0
  Number.prototype.toLocaleString = function (this: number) {
    uses++
    return format.call(this, 'en')
  }
  try {
    loadText('services: {a: {image: x, ports: ["80-90:80-90"], extends: b}, b: {image: x}}')
  } finally {
    Number.prototype.toLocaleString = format
  }
  assert.is(uses, 0)
})

test('errors in YAML hide no other errors, and names that they hide are not reported as missing', () => {
  const text = `services:
  web:
    image: a
    image: b
    bogus: 1
    depends_on: [nope, db, late]
  db: *unknown
  c:
    <<: *gone
    ? [x, y]
    : 3
    volumes: !foo
      - 5
    mem_limit: !!int foo
  d: &d
    image: *d
services:
  late: {image: z, portz: 3}
`
  assert.equal(placesOf(loadFiles({ 'stack.yaml': text })), [
    'yaml-duplicate-key 4:5',
    'unknown-key 5:5',
    'unknown-service 6:18',
    'yaml-alias 7:7',
    'yaml-alias 9:9',
    'yaml-unsupported 10:7',
    'yaml-unsupported 12:14',
    'wrong-type 13:9',
    'wrong-type 14:22',
    'yaml-alias 16:12',
    'yaml-duplicate-key 17:1',
    'unknown-key 18:20',
  ])
  const hiding = 'services:\n  <<: *gone\n  a: {image: x, depends_on: [b], bogus: 1}\n'
  assert.equal(placesOf(loadFiles({ 'stack.yaml': hiding })), ['yaml-alias 2:7', 'unknown-key 3:34'])
})

test('an empty include includes nothing', () => {
  assert.equal(Object.keys(loadText('include:\nservices: {a: {image: x}}').stack.services), ['a'])
})

test('with a file that cannot be read, no other project name is reported', () => {
  const unreadable = loadFiles({ '/dir/file': '' }, { files: ['/dir'], workingDirectory: '/' })
  assert.equal(placesOf(unreadable), ['file-unreadable'])
})

test('of very many problems the first are reported, and how many more there are, in a moment', () => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('')
  const head = 'services:\n  a:\n    image: x\n'
  const texts = [
    `${head}${lines(5_000, (i) => `    k${i}: 1\n`)}`,
    `${head}    ports:\n${lines(5_000, (i) => `      - x${i}\n`)}`,
    `${head}    labels:\n${lines(5_000, () => '      a: 1\n')}`,
    `services:\n${lines(5_000, (i) => `  s${i}: {image: x, depends_on: [n${i}]}\n`)}`,
  ]
  for (const text of texts) {
    const start = process.cpuUsage()
    const problems = problemsIn(loadFiles({ 'stack.yaml': text }))
    assert.ok(process.cpuUsage(start).user < 5e6)
    assert.is(problems.length, 101)
    assert.match(problems.at(-1)?.message ?? '', /^(?:4,900|4,899) more problems/)
  }
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

test('a signal that there is none of is warned about, with what was likely meant', () => {
  const result = loadFiles({
    'stack.yaml': 'services: {a: {image: x, stop_signal: SIGTRM}, b: {image: x, stop_signal: "9"}}',
  })
  assert.ok(result.ok)
  assert.equal(placesOf(result), ['invalid-value 1:39'])
  assert.match(problemsIn(result)[0]?.hint ?? '', 'TERM')
})

test.run()
