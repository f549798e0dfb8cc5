import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { TimeOrder } from '../../../src/command/shared/time-order.ts'
import { virtualClock } from '../../support/clock.ts'

/** Milliseconds; what comes this much later than it was written is still put in its place. */
const LATE = 90

interface Line {
  /** When it was written, and how much later it came. */
  at: number
  late: number
}

async function order(lines: readonly Line[]): Promise<{ line: Line; out: number }[]> {
  const clock = virtualClock()
  const told: { line: Line; out: number }[] = []
  const over = new AbortController()
  const ordered = new TimeOrder<Line>(clock, (line) => told.push({ line, out: clock.now() }), over.signal)
  const coming = [...lines].sort((a, b) => a.at + a.late - (b.at + b.late))
  for (const line of coming) {
    await clock.sleep(line.at + line.late - clock.now())
    ordered.put(String(line.at).padStart(6, '0'), line)
  }
  await clock.sleep(1000)
  return told
}

const lines = fc.array(fc.record({ at: fc.nat(2000), late: fc.nat(LATE) }), { maxLength: 30 })

test('lines that come late are told in the order in which they were written, each once', async () => {
  await fc.assert(
    fc.asyncProperty(lines, async (all) => {
      const told = (await order(all)).map(({ line }) => line)
      assert.equal(
        told.map(({ at }) => at),
        all.map(({ at }) => at).sort((a, b) => a - b),
      )
      assert.is(new Set(told).size, all.length)
    }),
  )
})

test('nothing is held back for more than a moment', async () => {
  await fc.assert(
    fc.asyncProperty(lines, async (all) => {
      for (const { line, out } of await order(all)) assert.ok(out - (line.at + line.late) <= 120)
    }),
  )
})

test('what is held back comes out at once when all is to come out', async () => {
  const clock = virtualClock({ manual: true })
  const told: number[] = []
  const ordered = new TimeOrder<number>(clock, (value) => told.push(value), new AbortController().signal)
  for (const value of [3, 1, 2]) ordered.put(String(value), value)
  assert.equal(told, [])
  ordered.flush()
  assert.equal(told, [1, 2, 3])
})

test.run()
