import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Acyclic } from '../../src/plan/acyclic.ts'

const MOST = 12
const edges = fc.array(fc.tuple(fc.nat(MOST - 1), fc.nat(MOST - 1)), { maxLength: 40 })

test('a law: an edge is refused exactly if it would close a cycle', () => {
  fc.assert(
    fc.property(edges, edges, (first, added) => {
      const given = first.filter(([key, needed]) => needed < key)
      const needsOf = (key: number) => given.flatMap(([each, needed]) => (each === key ? [needed] : []))
      const graph = new Acyclic(Array.from({ length: MOST }, (_, key) => [key, needsOf(key)] as const))
      const known = [...given]
      for (const edge of added) {
        const isCycle = reaches(known, edge[1], edge[0])
        assert.is(graph.add(...edge), !isCycle)
        if (!isCycle) known.push(edge)
      }
    }),
    { numRuns: 1000 },
  )
})

function reaches(all: readonly [number, number][], from: number, to: number): boolean {
  const seen = new Set([from])
  for (const each of seen) for (const [key, needed] of all) if (key === each) seen.add(needed)
  return seen.has(to)
}

test.run()
