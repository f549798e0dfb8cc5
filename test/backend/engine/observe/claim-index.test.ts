import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ClaimIndex, type Holdings } from '../../../../src/backend/engine/observe/claim-index.ts'
import { overlap } from '../../../../src/backend/engine/observe/ports.ts'
import { isSamePlace } from '../../../../src/backend/engine/observe/writable-mounts.ts'

const place = fc.constantFrom('/', '/a', '/a/', '/a/b', '/ab', '/c/../a', 'a', 'data', 'a/b')
const ports = fc
  .record({
    ip: fc.constantFrom('', '127.0.0.1'),
    protocol: fc.constantFrom('tcp', 'udp'),
    from: fc.integer({ min: 1, max: 9 }),
    more: fc.constantFrom(0, 0, 0, 3),
  })
  .map(({ more, ...each }) => ({ ...each, to: each.from + more }))
const holdings: fc.Arbitrary<Holdings> = fc.record({
  ports: fc.array(ports, { maxLength: 2 }),
  places: fc.array(place, { maxLength: 2 }),
  addresses: fc.array(fc.constantFrom('n 10.0.0.1', 'n 10.0.0.2'), { maxLength: 1 }),
})

function collide(wanted: Holdings, held: Holdings, kept: readonly string[]): boolean {
  const meets = (places: readonly string[], one: string) => places.some((each) => isSamePlace(each, one))
  return (
    overlap(wanted.ports, held.ports) ||
    wanted.addresses.some((each) => held.addresses.includes(each)) ||
    wanted.places.some((each) => meets(held.places, each) && !meets(kept, each))
  )
}

test('no claim that collides is missed, and their order stays', () => {
  fc.assert(
    fc.property(fc.array(holdings), holdings, fc.array(place, { maxLength: 2 }), (claims, held, kept) => {
      const near = new ClaimIndex(claims).near(held, kept)
      const found = near.filter((each) => collide(each, held, kept))
      assert.equal(
        found.map((each) => claims.indexOf(each)),
        [...claims.keys()].filter((at) => collide(claims[at] as Holdings, held, kept)),
      )
    }),
  )
})

test('of many claims on different things, few are near', () => {
  const claims = Array.from(
    { length: 1000 },
    (_, at): Holdings => ({
      ports: [{ ip: '', protocol: 'tcp', from: at + 1, to: at + 1 }],
      places: [`/data/${at}`, `volume${at}`],
      addresses: [`n 10.0.${at}`],
    }),
  )
  const index = new ClaimIndex(claims)
  for (const each of claims) assert.equal(index.near(each), [each])
})

test.run()
