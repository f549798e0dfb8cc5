import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../../src/execute/event.ts'
import { paletteOf } from '../../../src/view/palette.ts'
import { Board } from '../../../src/view/progress/board.ts'
import { frame } from '../../../src/view/progress/frame.ts'
import { Painter } from '../../../src/view/progress/painter.ts'
import { summaryLine } from '../../../src/view/progress/summary.ts'
import { maskedEvent } from '../../../src/view/redact/masked.ts'
import { widthOf } from '../../../src/view/width.ts'
import { virtualClock } from '../../support/clock.ts'
import { golden } from '../golden.ts'
import { RECORDINGS, SUCCESS } from '../recordings.ts'
import { Screen } from '../screen.ts'
import { FACTS, terminalOf } from '../support.ts'

const SECRETS = { ...FACTS, sensitive: FACTS.sensitive() }
const STYLE = { palette: paletteOf({ colours: 0 }), columns: 76, rows: 24, tick: 3 }

/** The board after as many events. */
function boardAfter(events: readonly RunEvent[], count: number): { board: Board; now: number } {
  const [first, ...rest] = events.slice(0, count).map((event) => maskedEvent(event, SECRETS))
  if (first?.type !== 'plan') throw new Error('a recording begins with its plan')
  const board = new Board(first)
  for (const event of rest) board.apply(event)
  return { board, now: events[count - 1]?.at ?? 0 }
}

test('every moment of a run looks as recorded', () => {
  const frames = SUCCESS.map((_, index) => {
    const { board, now } = boardAfter(SUCCESS, index + 1)
    return frame(board, { ...STYLE, now }).join('\n')
  })
  golden(import.meta.dirname, 'frames.txt', `${frames.join('\n\n')}\n`)
})

test('the count of the tree is that of the summary', () => {
  for (const [name, events] of Object.entries(RECORDINGS)) {
    const end = events.at(-1)
    if (end?.type !== 'end') continue
    const { board, now } = boardAfter(events, events.length)
    const [, done, all] = / {2}(\d+)\/(\d+) {2}/.exec(frame(board, { ...STYLE, now })[0] ?? '') ?? []
    assert.equal([Number(done), Number(all)], [end.done, end.done + end.failed + end.skipped], name)
    if (end.done > 0) assert.match(summaryLine(board), new RegExp(`(?<!\\d)${done} steps? done`))
  }
})

test('rows that do not fit are folded, running steps are shown first', () => {
  const { board, now } = boardAfter(SUCCESS, 12)
  golden(import.meta.dirname, 'folded.txt', `${frame(board, { ...STYLE, now, rows: 7, columns: 50 }).join('\n')}\n`)
})

test('a frame never leaves its terminal', () => {
  const sizes = fc.tuple(
    fc.constantFrom(...Object.values(RECORDINGS)),
    fc.nat(30),
    fc.integer({ min: 20, max: 160 }),
    fc.integer({ min: 5, max: 30 }),
  )
  fc.assert(
    fc.property(sizes, ([events, count, columns, rows]) => {
      const { board, now } = boardAfter(events, Math.min(events.length, count + 1))
      const lines = frame(board, { ...STYLE, columns, rows, now })
      assert.ok(lines.length < rows - 1, `${lines.length} lines on ${rows} rows`)
      for (const line of lines) assert.ok(widthOf(line) <= columns, `${widthOf(line)} > ${columns}: ${line}`)
    }),
  )
})

test('a group that runs is never folded away while there is room for it', () => {
  const { board, now } = boardAfter(SUCCESS, 12)
  const lines = frame(board, { ...STYLE, now, rows: 6 }).join('\n')
  assert.match(lines, 'image web')
  assert.match(lines, 'db-1')
})

const LINES = fc.array(
  fc.array(fc.constantFrom('a', ' ', '日', '·', 'word', 'é'), { maxLength: 9 }).map((parts) => parts.join('')),
  { maxLength: 8 },
)

test('after any frames the screen shows the last one below what stood there', () => {
  fc.assert(
    fc.property(fc.array(LINES, { minLength: 1, maxLength: 6 }), (frames) => {
      const { terminal, shown } = terminalOf(virtualClock(), 60, 24)
      terminal.err.write('before\n')
      const painter = new Painter(terminal.err)
      for (const lines of frames.slice(0, -1)) painter.paint(lines)
      painter.finish(frames.at(-1) ?? [])
      terminal.err.write('after\n')
      const expected = ['before', ...(frames.at(-1) ?? []).map((line) => line.trimEnd()), 'after', ''].join('\n')
      assert.is(shown().screen.text, expected)
      assert.ok(shown().screen.cursor)
    }),
  )
})

test('a terminal that became narrower is redrawn from where the wrapped frame began', () => {
  let columns = 40
  const screen = new Screen(20)
  const painter = new Painter({
    write: (text) => screen.write(text),
    isTTY: true,
    columns: () => columns,
    rows: () => 24,
    colours: 0,
  })
  columns = 20
  screen.write('before\n')
  painter.paint(['x'.repeat(39), 'y'])
  painter.finish(['short'])
  assert.is(screen.text, 'before\nshort\n')
})

test('a frame as high as the terminal leaves nothing behind while logs go by above it', () => {
  const sizes = fc.tuple(fc.constantFrom(...Object.values(RECORDINGS)), fc.integer({ min: 5, max: 12 }))
  fc.assert(
    fc.property(sizes, ([events, rows]) => {
      const screen = new Screen(60, rows)
      const painter = new Painter({
        ...terminalOf(virtualClock(), 60, rows).terminal.err,
        write: (text) => screen.write(text),
      })
      const log = events.map((_, index) => `web-1  | line ${index}`)
      screen.write('before\n')
      for (const [index, line] of log.entries()) {
        const { board, now } = boardAfter(events, index + 1)
        painter.paint(frame(board, { ...STYLE, columns: 59, rows, now }))
        painter.above(() => screen.write(`${line}\n`))
      }
      const scrolled = screen.scrollback
      assert.equal(scrolled, ['before', ...log].slice(0, scrolled.length))
    }),
  )
})

test('a frame that is drawn after a stop (Ctrl-Z) begins below what others wrote meanwhile, with the cursor hidden', () => {
  let stops = 0
  const screen = new Screen(40)
  const output = { ...terminalOf(virtualClock(), 40, 24).terminal.err, write: (text: string) => screen.write(text) }
  const painter = new Painter({ ...output, stops: () => stops })
  painter.paint(['first'])
  stops++
  screen.write('\u001b[?25h^Z\nstopped\n')
  painter.above(() => screen.write('log\n'))
  painter.paint(['second'])
  assert.is(screen.cursor, false)
  painter.finish(['third'])
  assert.is(screen.text, 'first\n^Z\nstopped\nlog\nthird\n')
})

test.run()
