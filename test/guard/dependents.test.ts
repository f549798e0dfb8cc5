import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { affectedBy, followersOf, guestsOf } from '../../src/guard/dependents.ts'
import type { Problem, Situation } from '../../src/guard/problem.ts'
import { repairsFor } from '../../src/guard/repair.ts'
import type { Service } from '../../src/stack/model.ts'
import { stackOf } from '../backend/support.ts'
import { replicaOf } from '../support/replica.ts'

/** How a service needs another one, and whether it lives in its container, and follows it when that is restarted. */
const WAYS: Record<string, { spec: (host: string) => Service; lives: boolean; follows: boolean }> = {
  network: { spec: (host) => ({ network_mode: `service:${host}` }), lives: true, follows: true },
  pid: { spec: (host) => ({ pid: `service:${host}` }), lives: true, follows: true },
  ipc: { spec: (host) => ({ ipc: `service:${host}` }), lives: true, follows: true },
  volumes: { spec: (host) => ({ volumes_from: [`${host}:ro`] }), lives: true, follows: true },
  order: { spec: (host) => needing(host, false), lives: false, follows: false },
  restart: { spec: (host) => needing(host, true), lives: false, follows: true },
  both: { spec: (host) => ({ ...needing(host, false), network_mode: `service:${host}` }), lives: true, follows: false },
}

function needing(host: string, restart: boolean): Service {
  return { depends_on: { [host]: { condition: 'service_started', required: true, restart } } }
}

interface Needs {
  /** Each service needs at most one of those before it. */
  edges: { to: number; way: string }[]
  from: number
}

const needs: fc.Arbitrary<Needs> = fc.record({
  edges: fc.array(fc.record({ to: fc.nat(7), way: fc.constantFrom('none', ...Object.keys(WAYS)) }), {
    minLength: 2,
    maxLength: 8,
  }),
  from: fc.nat(7),
})

const nameOf = (index: number) => `s${index}`

/** In an order in which dependencies need not come first. */
function stackFor({ edges }: Needs) {
  const services = edges.map(({ to, way }, index): [string, Service] => {
    const spec = index > 0 ? WAYS[way]?.spec(nameOf(to % index)) : undefined
    return [nameOf(index), spec ?? {}]
  })
  return stackOf({ services: Object.fromEntries(services.reverse()) })
}

/** Beside the code: whether the way up from a service to another one, edge by edge, is of a kind. */
function reaching({ edges, from }: Needs, counts: (way: string) => boolean): string[] {
  const start = from % edges.length
  const reaches = (index: number): boolean => {
    const edge = edges[index]
    if (index === 0 || !edge || !counts(edge.way)) return false
    const next = edge.to % index
    return next === start || reaches(next)
  }
  return edges.flatMap((_, index) => (reaches(index) ? [nameOf(index)] : [])).sort()
}

test('dependents follow along whole chains', () => {
  fc.assert(
    fc.property(needs, (given) => {
      const stack = stackFor(given)
      const start = [nameOf(given.from % given.edges.length)]
      const [lives, follows] = [
        (way: string) => WAYS[way]?.lives ?? false,
        (way: string) => WAYS[way]?.follows ?? false,
      ]
      assert.equal(guestsOf(stack, start).sort(), reaching(given, lives))
      assert.equal(followersOf(stack, start).sort(), reaching(given, follows))
      assert.equal(
        affectedBy(stack, start).sort(),
        reaching(given, (way) => lives(way) || follows(way)),
      )
    }),
  )
})

test('a repair includes the containers in its namespaces, as far as those in between run', () => {
  fc.assert(
    fc.property(
      needs,
      fc.array(fc.constantFrom('running', 'exited', 'paused'), { minLength: 8, maxLength: 8 }),
      (given, states) => {
        const stack = stackFor(given)
        const host = nameOf(given.from % given.edges.length)
        const names = Object.keys(stack.services)
        const stateOf = (name: string) => states[Number(name.slice(1))] ?? 'running'
        const replicas = names.filter((name) => name !== host).map((name) => replicaOf(name, stateOf(name)))
        const apart = (name: string) => (stateOf(name) === 'exited' && name !== host ? 'stopped' : 'running')
        const desired = { services: Object.fromEntries(names.map((name) => [name, { all: apart(name) }] as const)) }
        const situation: Situation = { stack, replicas, desired, services: names, done: new Set(), cutOff: new Set() }
        const problem: Problem = { service: host, number: 1, kind: 'missing' }
        const places = repairsFor(situation, [problem]).flatMap((repair) => [...repair.slots])
        const runs = (index: number) => stateOf(nameOf(index)) === 'running'
        const edges = given.edges.map((edge, index) => (runs(index) ? edge : { ...edge, way: 'none' }))
        const along = reaching({ ...given, edges }, (way) => WAYS[way]?.lives ?? false)
        assert.equal(places.sort(), [host, ...along].map((name) => `${name}/1`).sort())
      },
    ),
  )
})

test.run()
