import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Clock } from '../../src/execute/step-context.ts'
import { ReorderBuffer } from '../../src/logs/reorder.ts'
import { virtualClock } from '../support/clock.ts'

/** Milliseconds; what comes this much later than it was written is put in its place without any experience. */
const LATE = 90

/** For so long a line is held back at most, but for the pace of releases. */
const MOST = 1000
const PACE = 20

interface Line {
  /** When it was written, and how much later it came. */
  at: number
  late: number
}

interface Reported {
  line: Line
  out: number
}

/**
 * @param skew how far the clock by which lines are written is ahead of the one that they come by, in milliseconds
 * @param opens when a source answers that was asked at the beginning
 */
async function order(lines: readonly Line[], skew = 0, opens?: number): Promise<Reported[]> {
  const clock = virtualClock()
  const reported: Reported[] = []
  const over = new AbortController()
  const ordered = new ReorderBuffer<Line>(clock, (line) => reported.push({ line, out: clock.now() }), over.signal)
  const answered = opens === undefined ? () => undefined : ordered.expect()
  void clock.sleep(opens ?? 0).then(answered)
  for (const line of [...lines].sort((a, b) => cameAt(a) - cameAt(b))) {
    await clock.sleep(cameAt(line) - clock.now())
    ordered.put(timeOf(line.at + skew), line)
  }
  await clock.sleep(5000)
  return reported
}

const cameAt = ({ at, late }: Line) => at + late

function timeOf(at: number): string {
  return new Date(Date.UTC(2026, 0, 2) + at).toISOString().replace('Z', '000000Z')
}

function inOrder(reported: readonly Reported[]): void {
  const times = reported.map(({ line }) => line.at)
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  )
}

const linesOf = (during: number, late: number) =>
  fc.array(fc.record({ at: fc.nat(during), late: fc.nat(late) }), { maxLength: 30 })

/** An hour, either way. */
const skews = fc.integer({ min: -3_600_000, max: 3_600_000 })

test('lines that come a little late are printed in the order in which they were written, each once', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(30_000, LATE), skews, async (lines, skew) => {
      const reported = await order(lines, skew)
      inOrder(reported)
      assert.equal(new Set(reported.map(({ line }) => line)), new Set(lines))
      assert.is(reported.length, lines.length)
    }),
  )
})

/** One that came at once shows what is late. */
const lesson = (late: number): Line[] => [
  { at: 0, late: 0 },
  { at: 1, late },
]

const lessons = fc
  .integer({ min: LATE, max: MOST })
  .chain((late) => fc.record({ late: fc.constant(late), lines: linesOf(8000, late) }))

test('once lines have come late, those that come no later are printed in order, whatever the clocks', async () => {
  await fc.assert(
    fc.asyncProperty(lessons, skews, async ({ late, lines }, skew) => {
      const after = lines.map((line) => ({ ...line, at: line.at + 1 + late }))
      const reported = await order([...lesson(late), ...after], skew)
      inOrder(reported.filter(({ line }) => line.at > 1))
    }),
  )
})

test('nothing is held back for more than a second, however late things come', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(20_000, 60_000), skews, async (lines, skew) => {
      for (const { line, out } of await order(lines, skew)) assert.ok(out - cameAt(line) <= MOST + PACE)
    }),
  )
})

test('lines that arrived while this process was suspended are read before any line is printed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 50, max: 5000 }), fc.nat(LATE), skews, async (busy, late, skew) => {
      const clock = virtualClock()
      const reported: number[] = []
      const timers: Clock = {
        now: clock.now,
        sleep: (ms, signal) => clock.sleep(Math.max(ms, busy - clock.now()), signal),
      }
      const ordered = new ReorderBuffer<number>(timers, (value) => reported.push(value), new AbortController().signal)
      ordered.put(timeOf(skew), 0)
      ordered.put(timeOf(skew + late + 2), 2)
      // Timers come first, then what there is to read.
      await clock.sleep(busy)
      ordered.put(timeOf(skew + 1), 1)
      await clock.sleep(2000)
      assert.equal(reported, [0, 1, 2])
    }),
  )
})

const opening = fc.integer({ min: LATE, max: MOST - PACE }).chain((opens) =>
  fc.record({
    opens: fc.constant(opens),
    before: fc.array(fc.nat(opens), { minLength: 1, maxLength: 10 }),
    others: fc.array(fc.nat(2000), { maxLength: 20 }),
  }),
)

test('lines of a source that opens slowly are printed in their place', async () => {
  await fc.assert(
    fc.asyncProperty(opening, skews, async ({ opens, before, others }, skew) => {
      const late = before.map((at) => ({ at, late: opens - at }))
      inOrder(await order([...late, ...others.map((at) => ({ at, late: 0 }))], skew, opens))
    }),
  )
})

test('a source without late lines is soon printed quickly again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(MOST), linesOf(30_000, LATE), skews, async (late, lines, skew) => {
      const steady = Array.from({ length: 40 }, (_, index) => ({ at: 1000 * index, late: 0 }))
      const reported = await order(
        [...lesson(late), ...steady, ...lines.map((line) => ({ ...line, at: line.at + 22_000 }))],
        skew,
      )
      for (const { line, out } of reported) if (line.at > 22_000) assert.ok(out - cameAt(line) <= 100 + PACE)
    }),
  )
})

test('a clock that is set again makes nothing wait for long', async () => {
  await fc.assert(
    fc.asyncProperty(skews, async (jump) => {
      const clock = virtualClock()
      const waits: number[] = []
      const ordered = new ReorderBuffer<number>(
        clock,
        (came) => waits.push(clock.now() - came),
        new AbortController().signal,
      )
      for (let second = 0; second < 60; second++) {
        ordered.put(timeOf(clock.now() + (second < 30 ? 0 : jump)), clock.now())
        await clock.sleep(1000)
      }
      assert.is(waits.length, 60)
      assert.ok(waits.slice(-5).every((wait) => wait <= 100 + PACE))
    }),
  )
})

test('a flush prints held lines at once', async () => {
  const clock = virtualClock({ manual: true })
  const reported: number[] = []
  const ordered = new ReorderBuffer<number>(clock, (value) => reported.push(value), new AbortController().signal)
  for (const value of [3, 1, 2]) ordered.put(timeOf(value), value)
  ordered.putAfter(timeOf(2), 2.5)
  assert.equal(reported, [])
  ordered.flush()
  assert.equal(reported, [1, 2, 2.5, 3])
})

test.run()
