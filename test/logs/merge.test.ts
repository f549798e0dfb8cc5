import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { moment } from '../../src/command/shared/moment.ts'
import { mergeByTime } from '../../src/logs/merge.ts'

interface Entry {
  time?: string
  id: string
}

async function* streamOf(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries
}

async function merged(streams: readonly (readonly Entry[])[]): Promise<Entry[]> {
  const all: Entry[] = []
  for await (const entry of mergeByTime(streams.map(streamOf))) all.push(entry)
  return all
}

const STREAMS = fc
  .array(fc.array(fc.integer({ min: 10, max: 30 }), { maxLength: 6 }), { maxLength: 5 })
  .map((streams) =>
    streams.map((times, s) =>
      times.sort((a, b) => a - b).map((time, i): Entry => ({ time: String(time), id: `${s}.${i}` })),
    ),
  )

test('streams in order of time become one in order of time, equal times in the order of the streams', async () => {
  await fc.assert(
    fc.asyncProperty(STREAMS, async (streams) => {
      const expected = streams.flat().sort((a, b) => Number(a.time) - Number(b.time))
      assert.equal(await merged(streams), expected)
    }),
  )
})

test('an entry without a time comes at once', async () => {
  const ids = (await merged([[{ time: '5', id: 'a' }], [{ id: 'b' }, { time: '1', id: 'c' }]])).map(({ id }) => id)
  assert.equal(ids, ['b', 'c', 'a'])
})

const NOW = Date.UTC(2026, 0, 1, 12)

const MOMENTS: [text: string, unix: string][] = [
  ['1767268800', '1767268800'],
  ['1767268800.5', '1767268800.5'],
  ['10m', String(NOW / 1000 - 600)],
  ['1h30m', String(NOW / 1000 - 5400)],
  ['90', String(NOW / 1000 - 90)],
  ['2026-01-01T11:00:00Z', String(NOW / 1000 - 3600)],
  ['2026-01-01T13:00:00+02:00', String(NOW / 1000 - 3600)],
]

for (const [text, unix] of MOMENTS) {
  test(`"${text}" is ${unix} at noon of the first day of 2026`, () =>
    assert.is(Number(moment('--since', text, NOW)), Number(unix)))
}

test('an invalid time is a usage problem', () => assert.throws(() => moment('--since', 'whenever', NOW), /--since/))

test.run()
