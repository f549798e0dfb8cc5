import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LogLine } from '../../src/backend/read/logs.ts'
import { LogCursor } from '../../src/logs/cursor.ts'

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`

const line = fc.record({ stream: fc.constantFrom('stdout' as const, 'stderr' as const), second: fc.nat(4) })

/** Lines as they were written; several are of one time. */
const written = fc
  .array(line, { maxLength: 12 })
  .map((lines) =>
    lines
      .sort((a, b) => a.second - b.second)
      .map(({ stream, second }, index): LogLine => ({ stream, text: String(index), time: time(second) })),
  )

const taken = (position: LogCursor, lines: readonly LogLine[]) => lines.flatMap((each) => position.take(each) ?? [])

test('however often a log is given again from where it broke off, each line is new exactly once', () => {
  fc.assert(
    fc.property(written, fc.array(fc.nat(12), { maxLength: 4 }), (lines, cuts) => {
      const position = new LogCursor()
      const got: LogLine[] = []
      for (const cut of [...cuts.sort((a, b) => a - b), lines.length]) {
        const { since = '' } = position
        position.resume({ follow: true })
        got.push(
          ...taken(
            position,
            lines.slice(0, cut).filter((each) => (each.time ?? '') >= since),
          ),
        )
      }
      assert.equal(got, lines)
    }),
  )
})

test('the end of a log is new exactly from the line at which printing stopped', () => {
  fc.assert(
    fc.property(written, fc.nat(12), (lines, cut) => {
      const position = new LogCursor()
      taken(position, lines.slice(0, cut))
      assert.equal(position.rest(lines), lines.slice(cut))
    }),
  )
})

test('while a log is followed, every line is new, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const jumping = lines.map(
        ({ stream, second }, index): LogLine => ({ stream, text: String(index), time: time(second) }),
      )
      const position = new LogCursor()
      assert.equal(taken(position, jumping), jumping)
      assert.equal(position.rest(jumping), [])
    }),
  )
})

test('after a common mark, lines printed of one stream count for both', () => {
  const position = new LogCursor()
  position.take({ stream: 'stdout', text: 'a', time: time(3) })
  position.level()
  position.resume({ follow: true })
  assert.is(position.take({ stream: 'stderr', text: 'b', time: time(2) }), undefined)
  assert.ok(position.take({ stream: 'stderr', text: 'c', time: time(4) }))
})

test.run()
