import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { otherHalf, placeIn, rangeOf } from '../../../../src/backend/engine/observe/ip-range.ts'
import { planUp } from '../../../../src/backend/engine/plan/command/up.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import type { Service, Stack } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, stackOf } from '../../support.ts'
import { carryOut, up } from '../carry-out.ts'
import { emptyWorld } from '../world.ts'

/** An address that a service declares, and the engine may give to another one first. */
const images = { 'app:1': { cmd: ['run'] } }

function networked(services: Record<string, Service>, ip_range?: string): Stack {
  const pool = { subnet: '172.30.0.0/16', ...(ip_range && { ip_range }) }
  return stackOf({ services, networks: { default: { name: 'lab_default', ipam: { config: [pool] } } } })
}

const at = (host: number): Service => ({ networks: { default: { ipv4_address: `172.30.0.${host}` } } })
const NEEDS_A: Service = { depends_on: { a: { condition: 'service_started', required: true } } }

test('a law: fixed addresses among the first ones are there for their services, first up, scaled up and restarted', async () => {
  const fixed = fc.uniqueArray(fc.integer({ min: 2, max: 7 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fixed, fc.integer({ min: 1, max: 4 }), async (hosts, count) => {
      const engine = memoryEngine({ images })
      const names = hosts.map((host) => [`z${host}`, at(host)] as const)
      const stack = (scale: number) => networked({ a: { scale }, ...Object.fromEntries(names) })
      assert.ok((await up(engine, stack(1))).ok)
      assert.ok((await up(engine, stack(count))).ok)
      const again = await carryOut(engine, stack(count), { kind: 'restart', services: [], noDeps: false })
      assert.ok(again.ok, again.problems[0]?.message)
    }),
    { numRuns: 30 },
  )
})

test('a law: they stay those of their services when the network is recreated, whatever else joins it', async () => {
  const fixed = fc.uniqueArray(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      fixed,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (hosts, before, after, fails) => {
        const engine = memoryEngine({ images })
        const names = hosts.map((host) => [`z${host}`, at(host)] as const)
        const stack = (scale: number, internal: boolean) => {
          const { networks, ...rest } = networked({ a: { scale }, ...Object.fromEntries(names) })
          const own = { ...networks.default, name: 'lab_default', internal }
          return { ...rest, networks: { default: own } }
        }
        assert.ok((await up(engine, stack(before, false))).ok)
        if (fails) {
          let left = 1
          engine.hooks.before = ({ method }) => {
            if (method === 'createNetwork' && left-- > 0) throw new EngineError('no', 500)
          }
        }
        const outcome = await up(engine, stack(after, true))
        assert.is(outcome.ok, !fails, outcome.problems[0]?.message)
        for (const host of hosts) {
          const found = await engine.inspectContainer(`lab-z${host}-1`)
          assert.is(found?.networks.lab_default?.ipAddress, `172.30.0.${host}`)
        }
      },
    ),
    { numRuns: 60 },
  )
})

function notesOf(services: Record<string, Service>, ip_range?: string): string[] {
  const stack = networked(services, ip_range)
  return unwrap(planUp(declared(stack), emptyWorld(stack), UP)).notes.map(({ hint = '' }) => hint)
}

test('where a dependency demands the other order the range that helps is reported, and nothing where there is no risk', () => {
  assert.match(notesOf({ a: {}, b: { ...at(2), ...NEEDS_A } })[0] ?? '', '`ip_range: 172.30.128.0/17`')
  assert.equal(notesOf({ a: {}, b: { ...at(2), ...NEEDS_A } }, '172.30.128.0/17'), [])
  assert.equal(notesOf({ a: {}, b: { ...at(200), ...NEEDS_A } }), [])
  assert.equal(notesOf({ a: { networks: { other: null } }, b: { ...at(2), ...NEEDS_A } }), [])
  assert.equal(notesOf({ a: {}, b: at(2) }), [])
})

test('no start waits for an address that the engine does not give away', () => {
  const after = (host: number) => {
    const stack = networked({ a: {}, b: at(host) })
    const { steps } = unwrap(planUp(declared(stack), emptyWorld(stack), UP))
    return steps.find(({ id }) => id === 'start:container/a/1')?.after.some(({ step }) => step.startsWith('start:'))
  }
  assert.equal([after(2), after(200)], [true, false])
})

test('the holder of an address is named, with what to do', async () => {
  const engine = memoryEngine({ images })
  await up(engine, networked({ a: {} }))
  const { problems } = await up(engine, networked({ a: {}, b: at(2) }))
  assert.is(problems[0]?.code, 'address-in-use')
  assert.match(problems[0]?.message ?? '', 'its address 172.30.0.2 in network lab_default is held by container lab-a-1')
})

test('ranges: the other half holds none of the address, and is within', () => {
  const half = (range: string, address: string) => {
    const found = rangeOf(range)
    assert.ok(found)
    const other = rangeOf(otherHalf(found, address))
    assert.ok(other)
    assert.is(placeIn(other, address), undefined)
    assert.is(other.size * 2n, found.size)
    return otherHalf(found, address)
  }
  assert.is(half('10.0.0.0/24', '10.0.0.5'), '10.0.0.128/25')
  assert.is(half('10.0.0.0/24', '10.0.0.200'), '10.0.0.0/25')
  assert.is(half('fd00:1::/64', 'fd00:1::5'), 'fd00:1:0:0:8000::/65')
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 8, max: 30 }), (address, length) => {
      half(`${address}/${length}`, address)
    }),
  )
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 16, max: 120 }), (address, length) => {
      half(`${address}/${length}`, address)
    }),
  )
  for (const text of ['', 'x', '10.0.0', '10.0.0.256', '10.0.0.0/33', 'fd00::/129']) assert.is(rangeOf(text), undefined)
})

test.run()
