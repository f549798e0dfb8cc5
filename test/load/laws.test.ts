import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { CANONICAL } from '../../src/load/canonical/table.ts'
import type { Loaded } from '../../src/load/loaded.ts'
import { MERGERS, merge, mergeDocuments } from '../../src/load/merge/merge.ts'
import { configOf, configText } from '../../src/load/print/print.ts'
import { rewrite } from '../../src/load/tree/rewrite.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { type Tree, toData } from '../../src/yaml/tree.ts'
import { loadText } from './support.ts'

const RUNS = { numRuns: 25 }

type Data = Record<string, unknown>

const name = fc.constantFrom('web', 'api', 'db', 'cache', 'worker', 'my.svc', 'off', 'n')
const word = fc.constantFrom(
  'a',
  'yes',
  'no',
  '0755',
  '1e3',
  '',
  ' x',
  'a: b',
  '#c',
  "it's",
  '"q"',
  '~',
  'multi\nline',
  '<<',
  '1_000',
  'é',
  '$$x',
  'true',
  '12:30',
)
const key = fc.constantFrom('A', 'B', 'PASSWORD', 'with.dot', 'y', '1')
const pairs = fc.dictionary(key, fc.oneof(word, fc.integer(), fc.boolean()), { maxKeys: 4 })
const listOrMap = fc.oneof(
  pairs,
  pairs.map((map) => Object.entries(map).map(([k, v]) => `${k}=${v}`)),
)
const port = fc.oneof(
  fc.integer({ min: 1, max: 65535 }),
  fc.integer({ min: 1, max: 60000 }).map((p) => `${p}:80`),
  fc.integer({ min: 1, max: 60000 }).map((p) => `127.0.0.1:${p}-${p + 2}:70-72/udp`),
  fc.record({ target: fc.integer({ min: 1, max: 65535 }), published: fc.integer({ min: 1, max: 65535 }) }),
)
const mount = fc.constantFrom(
  '/anonymous',
  'data:/data',
  './rel:/rel:ro',
  { type: 'bind', source: './b', target: '/b' },
  { type: 'tmpfs', target: '/t', tmpfs: { size: '1m' } },
)
const health = fc.record(
  {
    test: fc.constantFrom('curl x', ['CMD', 'a'], ['NONE']),
    interval: fc.constantFrom('90s', '1.5s', '0s'),
    retries: fc.nat(9),
    disable: fc.boolean(),
  },
  { requiredKeys: [] },
)

const service = fc.record(
  {
    image: word.filter((text) => text !== ''),
    command: fc.oneof(fc.constantFrom('echo "a b" c', ''), fc.array(word, { maxLength: 3 })),
    environment: listOrMap,
    labels: listOrMap,
    ports: fc.uniqueArray(port, { maxLength: 3, selector: (each) => JSON.stringify(each) }),
    volumes: fc.uniqueArray(mount, { maxLength: 3 }),
    networks: fc.constantFrom(['front'], { front: null, back: { aliases: ['x'] } }, []),
    healthcheck: health,
    mem_limit: fc.constantFrom('64m', 1024, '1.5g'),
    cpus: fc.constantFrom(0.5, '0.5', 2),
    init: fc.boolean(),
    privileged: fc.boolean(),
    extra_hosts: fc.constantFrom(['a=1.1.1.1', 'b:2.2.2.2'], { b: '2.2.2.2', a: ['1.1.1.1', '3.3.3.3'] }),
    ulimits: fc.constantFrom({ nofile: 5, nproc: { soft: 1, hard: 2 } }),
    secrets: fc.constantFrom(['pw'], [{ source: 'pw', mode: '0400' }]),
    deploy: fc.constantFrom({ replicas: 2 }, { resources: { limits: { pids: 5 } } }),
    build: fc.constantFrom('./app', { context: '.', args: ['X=1'] }),
    'x-note': fc.constantFrom('note', { a: { b: 1, c: '$$' } }),
  },
  { requiredKeys: ['image'] },
)

/** Compose files as data; each service depends on some of those before it. */
const stackFile = fc.dictionary(name, service, { minKeys: 1, maxKeys: 5 }).map((services): Data => {
  const names = Object.keys(services)
  const linked = names.map((each, index) => [
    each,
    index === 0 ? services[each] : { ...services[each], depends_on: names.slice(0, index) },
  ])
  return {
    name: 'law',
    services: Object.fromEntries(linked),
    networks: { front: null, back: { driver: 'bridge', labels: ['a=b'] } },
    volumes: { data: { driver_opts: { type: 'x' } } },
    secrets: { pw: { file: './pw.txt' } },
    'x-top': { b: 1, a: 'yes' },
  }
})

function loaded(data: Data): Loaded {
  return loadText(JSON.stringify(data))
}

test('the order of keys changes nothing', () => {
  fc.assert(
    fc.property(stackFile, fc.infiniteStream(fc.nat()), (data, numbers) => {
      const [one, other] = [loaded(data), loaded(shuffled(data, numbers) as Data)]
      assert.is(JSON.stringify(one.stack), JSON.stringify(other.stack))
      assert.equal(one.sensitive, other.sensitive)
    }),
    RUNS,
  )
})

/** In JSON, services have no extensions: Compose prints none. */
function withoutNotes(data: Data): Data {
  const services = Object.entries(data.services as Record<string, Data>)
  const bare = services.map(([key, { 'x-note': _, ...service }]) => [key, service] as const)
  return { ...data, services: Object.fromEntries(bare) }
}

test('a printed model loads as the same stack', () => {
  fc.assert(
    fc.property(stackFile, fc.constantFrom('yaml' as const, 'json' as const), (data, format) => {
      const first = loaded(data)
      const again = loadText(configText(first, format))
      const kept = format === 'json' ? loaded(withoutNotes(data)) : first
      assert.equal(again.stack.services, kept.stack.services)
      assert.equal(configOf(again), configOf(first))
    }),
    RUNS,
  )
})

test('merging nothing into a file, or a file into nothing, is the file', () => {
  fc.assert(
    fc.property(stackFile, (data) => {
      const tree = canonical(data)
      assert.equal(toData(merge(tree, canonical({}))), toData(tree))
      assert.equal(toData(merge(canonical({}), tree)), toData(tree))
    }),
    RUNS,
  )
})

test('a file merged with itself is itself', () => {
  fc.assert(
    fc.property(stackFile, (data) => {
      const text = JSON.stringify(data)
      const twice = loadText(`${text}\n---\n${text}`)
      assert.equal(twice.stack, loaded(data).stack)
    }),
    RUNS,
  )
})

test('many files together are what they are two by two, and stay what they were', () => {
  fc.assert(
    fc.property(fc.array(stackFile, { minLength: 1, maxLength: 5 }), (files) => {
      const trees = files.map(canonical)
      const before = trees.map(toData)
      const expected = trees.reduce((base, over) => merge(base, over))
      assert.equal(mergeDocuments(trees, MERGERS), expected)
      assert.equal(trees.map(toData), before)
    }),
    RUNS,
  )
})

function canonical(data: Data): Tree {
  return rewrite(unwrap(parseYaml(JSON.stringify(data), 'law.yaml')), CANONICAL, () => undefined) as Tree
}

function shuffled(value: unknown, numbers: Iterator<number>): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, numbers))
  if (value === null || typeof value !== 'object') return value
  const ranked = Object.entries(value).map(([k, v]) => ({
    rank: numbers.next().value as number,
    k,
    v: shuffled(v, numbers),
  }))
  return Object.fromEntries(ranked.sort((a, b) => a.rank - b.rank).map(({ k, v }) => [k, v]))
}

test.run()
