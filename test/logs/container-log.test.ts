import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineReader } from '../../src/backend/engine/read/reader.ts'
import type { LogLine, LogOptions } from '../../src/backend/read/logs.ts'
import type { Reader } from '../../src/backend/reader.ts'
import { containerLog } from '../../src/logs/container-log.ts'
import { LogCursor } from '../../src/logs/cursor.ts'
import { memoryEngine } from '../support/memory-engine.ts'

/** What the engine stores of one write: with its end, or without, if the container ended there. */
interface Stored {
  stream: LogLine['stream']
  text: string
  time: string
  open: boolean
}

interface Run {
  /** How many lines it writes, to which stream each; which streams it leaves without an end. */
  streams: LogLine['stream'][]
  open: LogLine['stream'][]
  /** After how many lines following breaks off before its end. */
  breaksOff: number
  keepsBack: boolean
  /** How much of the next run is there when the rest is read. */
  ahead: number
}

const stream = fc.constantFrom('stdout' as const, 'stderr' as const)
const run = (length: number): fc.Arbitrary<Run> =>
  fc.record({
    streams: fc.array(stream, { maxLength: length, size: 'max' }),
    open: fc.subarray(['stdout' as const, 'stderr' as const]),
    breaksOff: fc.nat(length),
    keepsBack: fc.boolean(),
    ahead: fc.nat(3),
  })

/**
 * Of two streams, a run whose reading started with the one before has an end for each line: otherwise what is read alone one time, and
 * as part of an earlier line the other time, cannot be distinguished from what is new.
 */
const runsOf = (length: number): fc.Arbitrary<Run[]> => {
  const runs = fc.array(run(length), { maxLength: 4 })
  const ofBoth = runs.map((all) => all.map((each, index) => (all[index - 1]?.ahead ? { ...each, open: [] } : each)))
  const ofOne = runs.map((all) => all.map((each) => ({ ...each, streams: each.streams.map(() => 'stdout' as const) })))
  return fc.oneof(ofBoth, ofOne)
}

/** Everything that is ever written, by run; each text stands for itself in whatever it is joined with. */
function written(runs: readonly Run[]): Stored[][] {
  let at = 0
  return runs.map(({ streams, open }, life) =>
    streams.map((each, index) => {
      const isLast = streams.lastIndexOf(each) === index
      const time = new Date(Date.UTC(2026, 0, 1) + ++at).toISOString()
      return { stream: each, text: `<${life}.${index}>`, time, open: isLast && open.includes(each) }
    }),
  )
}

/** What is read of it: what has no end yet goes on in the same line, under the time of its beginning. */
function linesOf(stored: readonly Stored[]): LogLine[] {
  const lines: LogLine[] = []
  const pending = new Map<LogLine['stream'], LogLine>()
  for (const { stream, text, time, open } of stored) {
    const before = pending.get(stream)
    const line = before ? { ...before, text: before.text + text } : { stream, text, time }
    pending.delete(stream)
    if (open) pending.set(stream, line)
    else lines.push(line)
  }
  return [...lines, ...pending.values()]
}

function readerOf(runs: readonly Run[], now: { life: number }): Reader {
  const lives = written(runs)
  return {
    ...engineReader(memoryEngine()),
    async *logs(_, options) {
      const { breaksOff = 0, keepsBack = false, ahead = 0 } = runs[now.life] ?? {}
      const before = lives.slice(0, now.life).flat()
      const own = lives[now.life] ?? []
      const given = own.slice(0, breaksOff)
      while (keepsBack && given.at(-1)?.open) given.pop()
      const next = lives[now.life + 1]?.slice(0, ahead) ?? []
      yield* linesOf(chosen([...before, ...(options.follow ? given : [...own, ...next])], options))
    },
  }
}

function chosen(stored: readonly Stored[], { since = '', tail = stored.length }: LogOptions): Stored[] {
  return stored.slice(Math.max(0, stored.length - tail)).filter(({ time }) => time >= since)
}

/** What is read of all runs, one after the other, by the texts of each stream put together. */
async function reported(runs: readonly Run[]): Promise<LogLine[]> {
  const now = { life: 0 }
  const reader = readerOf(runs, now)
  const position = new LogCursor()
  const lines: LogLine[] = []
  for (; now.life < runs.length; now.life++)
    for await (const line of containerLog(reader, 'c', { position }, new AbortController().signal)) lines.push(line)
  return lines
}

const textOf = (lines: readonly Pick<LogLine, 'stream' | 'text'>[]) =>
  ['stdout', 'stderr'].map((name) => lines.flatMap(({ stream, text }) => (stream === name ? text : [])).join(''))

const SIZES = [3, 10, 400]

for (const size of SIZES) {
  test(`all that runs of ${size} lines write is printed once, where following breaks off and whatever has no end`, async () => {
    await fc.assert(
      fc.asyncProperty(runsOf(size), async (runs) => {
        assert.equal(textOf(await reported(runs)), textOf(written(runs).flat()))
      }),
      { numRuns: size > 100 ? 50 : 500 },
    )
  })
}

test('the first output of a run is a separate line, even after an unfinished one', async () => {
  const once = { breaksOff: 0, keepsBack: true, ahead: 0 }
  const [first, second] = [
    { ...once, streams: ['stdout' as const], open: ['stdout' as const] },
    { ...once, streams: ['stdout' as const, 'stdout' as const], open: [] },
  ]
  const lines = await reported([first, second])
  assert.equal(
    lines.map(({ text }) => text),
    ['<0.0>', '<1.0>', '<1.1>'],
  )
})

test.run()
