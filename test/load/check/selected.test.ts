import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'
import type { LoadOptions } from '../../../src/load/input.ts'
import { load } from '../../../src/load/load.ts'

/** What can be wrong with the service `b`, beside `a`, which is sound, and `c`, which needs `b`. */
const WRONG: Record<string, string> = {
  'a missing env_file': '{ image: x, env_file: gone.env }',
  'a broken env_file': '{ image: x, env_file: broken.env }',
  'a missing label_file': '{ image: x, label_file: gone.env }',
  'a bad port': '{ image: x, ports: ["99999:80"] }',
  'an unknown key': '{ image: x, imagine: 1 }',
  'a required variable': '{ image: "${GONE:?}" }',
  'a variable without end': '{ image: "${GONE" }',
  'no image': '{ init: true }',
  'no mapping': '5',
  'nothing but a list': '[]',
  'a network that is not declared': '{ image: x, networks: [gone] }',
  'a volume that is not declared': '{ image: x, volumes: ["gone:/x"] }',
  'a service that is not declared': '{ image: x, depends_on: [gone] }',
  'a file that is missing to extend from': '{ extends: { file: gone.yaml, service: x } }',
  'a file that is broken to extend from': '{ extends: { file: broken.yaml, service: x } }',
  'a service that is missing to extend from': '{ image: x, extends: gone }',
  'a circle of needs': '{ image: x, depends_on: [c] }',
  'a negative memory limit': '{ image: x, mem_limit: -1x }',
  'keys that exclude each other': '{ image: x, network_mode: host, networks: [default] }',
  'a secret that is not declared': '{ image: x, secrets: [gone] }',
}

const input = (named: string[], options: LoadOptions = {}) => ({
  files: ['/s/stack.yaml'],
  profiles: [],
  named,
  envFiles: [],
  environment: {},
  workingDirectory: '/s',
  options,
})

function disk(stack: string) {
  return memoryDisk({
    '/s/stack.yaml': stack,
    '/s/broken.env': 'A="open',
    '/s/broken.yaml': 'services: { x: { image: 1 ',
  })
}

function problemsOf(stack: string, named: string[]): string[] {
  const loaded = load(input(named), disk(stack))
  return loaded.ok ? [] : loaded.diagnostics.map(({ message }) => message)
}

for (const [what, b] of Object.entries(WRONG))
  test(`${what}: fails what selects the service, and nothing else`, () => {
    const files = disk(`name: s\nservices:\n  a: { image: x }\n  b: ${b}\n  c: { image: x, depends_on: [b] }\n`)
    for (const named of [[], ['b'], ['c'], ['a', 'c']]) assert.is(load(input(named), files).ok, false, named.join())
    const loaded = load(input(['a']), files)
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.diagnostics.map(({ message }) => message).join())
    // It is known, so that its containers are no orphans.
    const { services, inactive } = loaded.value.stack
    assert.ok('a' in services && ('b' in services || 'b' in inactive))
    assert.ok(loaded.value.clashes.every(({ service }) => service !== 'a'))
    assert.ok(load(input(['c'], { noDeps: true }), files).ok)
    const names = load(input([], { strict: 'none' }), files)
    assert.equal(names.ok && Object.keys(names.value.stack.services).sort(), ['a', 'b', 'c'])
  })

/** What `a` is concerned by, though it stands in `b`. */
const SHARED: Record<string, string> = {
  'the service that it extends': 'services:\n  a: { extends: b }\n  b: { image: x, imagine: 1 }\n',
  'the service that it extends, in long form':
    'services:\n  a: { extends: { service: b }, image: x }\n  b: { image: x, ports: ["99999:80"] }\n',
  'an anchor': 'services:\n  b: &b { image: x, imagine: 1 }\n  a: *b\n',
  'an anchor that it merges': 'services:\n  b: &b { image: x, ports: ["99999:80"] }\n  a: { <<: *b }\n',
  'a list of an anchor': 'services:\n  b: { image: x, ports: &p ["99999:80"] }\n  a: { image: x, ports: *p }\n',
  'an anchor with a required variable': 'services:\n  b: { image: &i "${GONE:?}" }\n  a: { image: *i }\n',
  'the whole file': 'services:\n  a: { image: x }\n  b: { image: x }\nvolume: {}\n',
  'a network': 'services:\n  a: { image: x }\n  b: { image: x }\nnetworks: { n: { name: "${GONE:?}" } }\n',
  'a missing include': 'include: [gone.yaml]\nservices:\n  a: { image: x }\n  b: { image: x }\n',
  'bad YAML': 'services:\n  a: { image: x }\n  b: { image: x\n',
}

for (const [what, stack] of Object.entries(SHARED))
  test(`${what} concerns every service`, () => {
    assert.is(load(input(['a']), disk(stack)).ok, false)
  })

test('two containers of one name fail only where both are selected', () => {
  const stack = 'services:\n  a: { image: x, container_name: name }\n  b: { image: x, container_name: name }\n'
  for (const named of [['a'], ['b']]) assert.equal(problemsOf(stack, named), [])
  for (const named of [[], ['a', 'b']]) assert.is(load(input(named), disk(stack)).ok, false)
  const existing = load(input([], { strict: 'files' }), disk(stack))
  assert.equal(existing.ok && Object.keys(existing.value.stack.services), ['a', 'b'])
})

test('a missing env_file leaves what exists its definition', () => {
  const stack = 'services:\n  a: { image: x, env_file: gone.env, stop_grace_period: 3s }\n'
  const existing = load(input([], { strict: 'files' }), disk(stack))
  assert.is(existing.ok && existing.value.stack.services.a?.stop_grace_period, '3s')
  assert.is(load(input([], { strict: 'files' }), disk(stack.replace('image: x', 'imagine: x'))).ok, false)
})

test.run()
