import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cyclesOf } from '../../src/graph/cycles.ts'
import { Graph } from '../../src/graph/graph.ts'

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const edges = fc.dictionary(keys, fc.array(keys, { maxLength: 4 }), { maxKeys: 7 })
const graphs = edges.map((needs) => new Graph<string>(Object.entries(needs)))

test('every key of a layer needs only keys of earlier layers', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const seen = new Set<string>()
      for (const layer of graph.layers()) {
        for (const key of layer) assert.ok(graph.needs(key).every((needed) => seen.has(needed)))
        for (const key of layer) seen.add(key)
      }
    }),
  )
})

test('a key is in the order, or on a cycle, or needs one that is', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const ordered = new Set(graph.order())
      const circular = new Set(graph.cycles().flat())
      for (const key of graph.keys) {
        const reachesCycle = [...graph.closure([key])].some((each) => circular.has(each))
        assert.is(ordered.has(key), !reachesCycle, key)
      }
    }),
  )
})

test('a cycle leads from each key to the next and back to the first', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      for (const cycle of graph.cycles()) {
        cycle.forEach((key, position) => {
          assert.ok(graph.needs(key).includes(cycle[(position + 1) % cycle.length] ?? ''))
        })
      }
    }),
  )
})

test('nothing circular is left without the keys of the cycles', () => {
  fc.assert(
    fc.property(edges, (needs) => {
      const circular = new Set(new Graph<string>(Object.entries(needs)).cycles().flat())
      const rest = new Graph<string>(Object.entries(needs).filter(([key]) => !circular.has(key)))
      assert.is(rest.order().length, rest.keys.length)
    }),
  )
})

/** Graphs of any size, with what each key needs. */
const LARGE: Readonly<Record<string, (count: number) => (at: number) => number[]>> = {
  'a circle': (count) => (at) => [(at + 1) % count],
  'keys behind a circle': () => (at) => [at > 0 ? at - 1 : 1],
  'keys before a circle': (count) => (at) => [at + 1 < count ? at + 1 : at - 1],
  pairs: () => (at) => [at ^ 1],
  'keys that need the first, which needs them': (count) => (at) =>
    at > 0 ? [0] : Array.from({ length: count }, (_, i) => i),
  'a circle with short cuts': (count) => (at) => [(at + 1) % count, 0],
}
for (const [name, make] of Object.entries(LARGE)) {
  test(`${name}: the cycles are found in steps that grow with the size`, () => {
    const steps = (count: number) => {
      const needs = make(count)
      const keys = Array.from({ length: count }, (_, at) => `k${at}`)
      let asked = 0
      cyclesOf(keys, (key) => {
        asked++
        return needs(Number(key.slice(1))).map((at) => `k${at}`)
      })
      return asked
    }
    assert.ok(steps(4000) <= 5 * steps(1000), `${steps(1000)}, ${steps(4000)}`)
  })
}

test('the order of insertion means nothing', () => {
  fc.assert(
    fc.property(edges, (needs) => {
      const turned = Object.entries(needs).reverse()
      const backwards = new Graph<string>(turned.map(([key, targets]) => [key, [...targets].reverse()]))
      const forwards = new Graph<string>(Object.entries(needs))
      assert.equal(backwards.layers(), forwards.layers())
      assert.equal(backwards.cycles(), forwards.cycles())
    }),
  )
})

test('turned round twice it is the same graph', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const twice = graph.reversed().reversed()
      for (const key of graph.keys) assert.equal(twice.needs(key), graph.needs(key))
    }),
  )
})

test('the closure holds what is needed, directly or not, and nothing else', () => {
  const graph = new Graph<string>([
    ['web', ['api']],
    ['api', ['db', 'cache']],
    ['db', []],
    ['cache', []],
    ['other', ['db']],
  ])
  assert.equal([...graph.closure(['api'])].sort(), ['api', 'cache', 'db'])
  assert.equal([...graph.closure([])], [])
})

test('two thousand keys in a chain are ordered, without a deep recursion', () => {
  const chain = Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i === 0 ? [] : [`k${i - 1}`]] as const)
  assert.is(new Graph<string>(chain).order().length, 2_000)
})

test.run()
