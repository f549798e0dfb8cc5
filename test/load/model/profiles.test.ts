import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LoadInput } from '../../../src/load/input.ts'
import { loadFiles, loadText, placesOf, problemsIn } from '../support.ts'

const TEXT = `services:
  plain: {image: x}
  debug: {image: x, profiles: [debug, all]}
  tools: {image: x, profiles: [tools]}
`

const CASES: [title: string, input: Partial<LoadInput>, active: string[]][] = [
  ['nothing wanted', {}, ['plain']],
  ['--profile', { profiles: ['debug'] }, ['debug', 'plain']],
  ['another of its profiles', { profiles: ['all'] }, ['debug', 'plain']],
  ['COMPOSE_PROFILES', { environment: { COMPOSE_PROFILES: 'debug, tools' } }, ['debug', 'plain', 'tools']],
  [
    '--profile beside COMPOSE_PROFILES',
    { profiles: ['tools'], environment: { COMPOSE_PROFILES: 'debug' } },
    ['plain', 'tools'],
  ],
  ['*', { profiles: ['*'] }, ['debug', 'plain', 'tools']],
  ['a service named by the user', { named: ['tools'] }, ['plain', 'tools']],
]

for (const [title, input, active] of CASES) {
  test(`services with ${title}`, () => {
    const { stack, graph } = loadText(TEXT, input)
    assert.equal(Object.keys(stack.services), active)
    assert.equal(
      Object.keys(stack.inactive),
      ['debug', 'plain', 'tools'].filter((name) => !active.includes(name)),
    )
    assert.equal(graph.keys, active)
  })
}

test('a service that is switched off cannot be needed, unless it is not required', () => {
  const needing = (extra: string) => ({
    'stack.yaml': `services:\n  a:\n    image: x\n    depends_on:\n      b: {condition: service_started${extra}}\n  b: {image: x, profiles: [p]}\n`,
  })
  const result = loadFiles(needing(''))
  assert.equal(placesOf(result), ['unknown-service 5:7'])
  assert.match(problemsIn(result)[0]?.hint ?? '', '--profile p')
  assert.ok(loadFiles(needing(', required: false')).ok)
  assert.ok(loadFiles(needing(''), { profiles: ['p'] }).ok)
})

test('a service that is named switches its profiles on, for what it needs too, and no others', () => {
  const text = `services:
  foo: {image: x}
  bar: {image: x, profiles: [test]}
  baz: {image: x, profiles: [test], depends_on: [bar]}
  qux: {image: x, profiles: [other], depends_on: [baz]}
`
  assert.equal(Object.keys(loadText(text, { named: ['baz'] }).stack.services), ['bar', 'baz', 'foo'])
  const result = loadFiles({ 'stack.yaml': text }, { named: ['qux'] })
  assert.equal(placesOf(result), ['unknown-service 5:51'])
})

test('problems of a service that is switched off stay quiet where they need the world', () => {
  const { ok } = loadFiles({
    'stack.yaml': 'services: {a: {image: x}, b: {profiles: [p], env_file: no.env, volumes: ["gone:/x"]}}',
  })
  assert.ok(ok)
})

test.run()
