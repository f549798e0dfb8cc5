import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Frame, multiplexed, raw } from '../../../src/docker/adapter/frames.ts'
import { logLines } from '../../../src/docker/adapter/log-lines.ts'
import { unixTime } from '../../../src/docker/adapter/logs.ts'
import { EngineError, type EngineLogLine } from '../../../src/docker/port.ts'
import { collect } from '../contract/expect.ts'

const STREAMS = { stdout: 1, stderr: 2 }
const STAMP = '2026-01-02T03:04:05.123456789Z'

function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(payload.length, 4)
  return Buffer.concat([header, payload])
}

function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const lines = (frames: AsyncIterable<Frame>, timestamps = false) => collect(logLines(frames, timestamps))

const line = fc
  .tuple(fc.constantFrom<EngineLogLine['stream']>('stdout', 'stderr'), fc.string({ unit: 'grapheme' }))
  .map(([stream, text]) => ({ stream, text: text.replace(/[\r\n]/g, '') }))
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })

test('however a stream is cut, the same lines come out of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line), sizes, async (written, cuts) => {
      const bytes = Buffer.concat(written.map(({ stream, text }) => frame(STREAMS[stream], Buffer.from(`${text}\n`))))
      assert.equal(await lines(multiplexed(each(cut(bytes, cuts)))), written)
    }),
  )
})

test('however a line is spread over frames, in the middle of a character too, it is one line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line.filter(({ text }) => text !== '')), sizes, async (written, cuts) => {
      const pieces = written.flatMap(({ stream, text }) =>
        cut(Buffer.from(`${text}\n`), cuts).map((piece) => frame(STREAMS[stream], piece)),
      )
      assert.equal(await lines(multiplexed(each(pieces))), written)
    }),
  )
})

test('with timestamps, every frame begins with one, and the line has the first', async () => {
  const pieces = ['long ', 'line\n', 'next\n'].map((text, index) =>
    frame(1, Buffer.from(`2026-01-02T03:04:0${index}.123456789Z ${text}`)),
  )
  assert.equal(await lines(multiplexed(each(pieces)), true), [
    { stream: 'stdout', text: 'long line', time: '2026-01-02T03:04:00.123456789Z' },
    { stream: 'stdout', text: 'next', time: '2026-01-02T03:04:02.123456789Z' },
  ])
})

test('a text that looks like a time is left alone where none was asked for', async () => {
  const pieces = [frame(2, Buffer.from(`${STAMP} text\n`))]
  assert.equal(await lines(multiplexed(each(pieces))), [{ stream: 'stderr', text: `${STAMP} text` }])
})

test('the lines of a terminal end with CR LF, have no frames, and are stdout', async () => {
  const chunks = cut(Buffer.from(`${STAMP} größe\r\n${STAMP} \r\nunfinished`), [3])
  assert.equal(await lines(raw(each(chunks)), true), [
    { stream: 'stdout', text: 'größe', time: STAMP },
    { stream: 'stdout', text: '', time: STAMP },
    { stream: 'stdout', text: 'unfinished' },
  ])
})

test('a line without an end is passed on before it fills the memory', async () => {
  const chunk = Buffer.alloc(600_000, 'x')
  const found = await lines(raw(each([chunk, chunk, Buffer.from('y\n')])))
  assert.equal(
    found.map(({ text }) => text.length),
    [1_200_000, 1],
  )
})

test('a frame of the system is an error of the engine', async () => {
  const error = await lines(multiplexed(each([frame(3, Buffer.from('cannot read the log\n'))]))).catch((each) => each)
  assert.instance(error, EngineError)
  assert.is(error.message, 'cannot read the log')
})

test('times are sent as seconds since 1970, exactly', () => {
  assert.is(unixTime('1767323045.5'), '1767323045.5')
  assert.is(unixTime(STAMP), '1767323045.123456789')
  assert.is(unixTime('2026-01-02T04:04:05+01:00'), '1767323045.000000000')
})

test.run()
