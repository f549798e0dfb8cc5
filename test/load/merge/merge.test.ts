import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { Service } from '../../../src/stack/model.ts'
import { loadFiles, loadText, placesOf } from '../support.ts'

/** One attribute in two files, and what comes of it. What `docker compose` makes of most is held by the corpus. */
const CASES: [base: string, over: string, merged: Partial<Service>][] = [
  ['command: [a, b]', 'command: [c]', { command: ['c'] }],
  ['entrypoint: [a]', 'entrypoint: []', { entrypoint: [] }],
  ['command: [a]', 'command: null', {}],
  ['environment: {A: 1, B: 2}', 'environment: [A=3, C=4]', { environment: { A: '3', B: '2', C: '4' } }],
  ['environment: {A: 1}', 'environment: [A]', { environment: { A: null } }],
  ['expose: ["1", "2"]', 'expose: [1, 3]', { expose: ['1', '2', '3'] }],
  ['dns: 1.1.1.1', 'dns: [1.1.1.1, 2.2.2.2]', { dns: ['1.1.1.1', '2.2.2.2'] }],
  ['logging: {driver: a, options: {x: 1}}', 'logging: {driver: b}', { logging: { driver: 'b' } }],
  [
    'logging: {driver: a, options: {x: 1}}',
    'logging: {options: {y: 2}}',
    { logging: { driver: 'a', options: { x: '1', y: '2' } } },
  ],
  ['privileged: true', 'privileged: false', {}],
  ['init: true', 'init: false', { init: false }],
  ['ulimits: {n: {soft: 1, hard: 2}}', 'ulimits: {n: 3}', { ulimits: { n: 3 } }],
  ['labels: {a: 1}', 'labels: !reset {}', {}],
  ['labels: {a: 1, b: 2}', 'labels: {a: !reset null}', { labels: { b: '2' } }],
  ['labels: {a: 1}', 'labels: !override {b: 2}', { labels: { b: '2' } }],
  ['cap_add: [A, B]', 'cap_add: !override [C]', { cap_add: ['C'] }],
  ['x-own: {a: 1, l: [1]}', 'x-own: {b: 2, l: [2]}', { 'x-own': { a: 1, b: 2, l: [1, 2] } }],
]

for (const [base, over, merged] of CASES) {
  test(`${base} with ${over} on top`, () => {
    assert.equal(service({ 'stack.yaml': file(base), 'over.yaml': file(over) }), merged)
  })
}

test('a third file adds to what a second one took away', () => {
  const files = {
    'stack.yaml': file('labels: {a: 1}'),
    'over.yaml': file('labels: !reset {}'),
    'last.yaml': file('labels: {c: 3}'),
  }
  assert.equal(service(files), { labels: { c: '3' } })
})

test('documents of one file are merged like files', () => {
  const loaded = loadText(`${file('labels: {a: 1}')}---\n${file('labels: {b: 2}')}`)
  assert.equal(loaded.stack.services.a?.labels, { a: '1', b: '2' })
})

test('a whole service can be removed', () => {
  const files = { 'stack.yaml': `${file('tty: true')}  b: {image: x}\n`, 'over.yaml': 'services: {a: !reset null}' }
  const { stack } = unwrap(loadFiles(files, { files: ['/lab/stack.yaml', '/lab/over.yaml'] }))
  assert.equal(Object.keys(stack.services), ['b'])
})

test('values keep the place in the file that they come from', () => {
  const files = { 'stack.yaml': file('labels: {a: 1}'), 'over.yaml': file('labels: {b: 2}') }
  const { spanOf } = unwrap(loadFiles(files, { files: ['/lab/stack.yaml', '/lab/over.yaml'] }))
  const place = (path: string) => `${spanOf(path)?.file}:${spanOf(path)?.line}:${spanOf(path)?.col}`
  assert.is(place('services.a.labels.a'), '/lab/stack.yaml:4:17')
  assert.is(place('services.a.labels.b'), '/lab/over.yaml:4:17')
})

test('a key without a value changes nothing in an override, and is an error in a first file', () => {
  assert.equal(service({ 'stack.yaml': file('ports: ["80"]'), 'over.yaml': file('ports:') }).ports?.length, 1)
  assert.equal(placesOf(loadFiles({ 'stack.yaml': file('ports:') })), ['wrong-type 4:5'])
})

function file(attribute: string): string {
  return `services:\n  a:\n    image: x\n    ${attribute}\n`
}

/** Service `a` of files merged in order, without what every service has. */
function service(files: Record<string, string>): Partial<Service> {
  const { stack } = unwrap(loadFiles(files, { files: Object.keys(files).map((name) => `/lab/${name}`) }))
  const { image: _, networks: __, ...rest } = stack.services.a ?? {}
  return rest
}

test.run()
