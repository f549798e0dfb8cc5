import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PortHolders } from '../../../../src/backend/engine/observe/port-holders.ts'
import { type HostPorts, overlap } from '../../../../src/backend/engine/observe/ports.ts'

const port = fc.integer({ min: 1, max: 12 })
const place = { ip: fc.constantFrom('', '0.0.0.0', '127.0.0.1', '10.0.0.1'), protocol: fc.constantFrom('tcp', 'udp') }
const single = fc.record({ ...place, at: port }).map(({ at, ...rest }): HostPorts => ({ ...rest, from: at, to: at }))
const range = fc
  .record({ ...place, from: port, size: fc.nat(5) })
  .map(({ from, size, ...rest }): HostPorts => ({ ...rest, from, to: from + size }))
const list = <T>(of: fc.Arbitrary<T>) => fc.array(fc.array(of, { minLength: 1, maxLength: 3 }), { maxLength: 8 })

test('a law: directly or through others, a range follows all that have one of its ports, and nothing else', () => {
  fc.assert(
    fc.property(list(single), list(range), (singles, ranges) => {
      const all = [...singles, ...ranges]
      const holders = new PortHolders<number>(all.flat())
      for (const [at, ports] of singles.entries()) for (const each of ports) holders.add(each, at)
      const before = new Map(singles.map((_, at) => [at, new Set<number>()]))
      for (const [index, ports] of ranges.entries()) {
        const at = singles.length + index
        const found = ports.flatMap((each) => holders.replace(each, at)).filter((each) => each !== at)
        before.set(at, new Set(found.flatMap((each) => [each, ...(before.get(each) ?? [])])))
      }
      const pairs = all.map((ports, at) =>
        at < singles.length ? [] : all.flatMap((other, each) => (each < at && overlap(ports, other) ? [each] : [])),
      )
      for (const at of all.keys()) assert.equal(sorted(before.get(at) ?? []), sorted(closure(pairs, at)))
    }),
    { numRuns: 500 },
  )
})

function closure(pairs: readonly number[][], from: number): Set<number> {
  const reached = new Set(pairs[from])
  for (const each of reached) for (const other of pairs[each] ?? []) reached.add(other)
  return reached
}

function sorted(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b)
}

test.run()
