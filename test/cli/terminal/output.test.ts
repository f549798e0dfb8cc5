import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hasNoReader, outputOf } from '../../../src/cli/terminal/output.ts'

const HIDE = '\u001b[?25l'
const SHOW = '\u001b[?25h'

/** A process that writes to one stream, and what came of it. */
function scene() {
  const events: string[] = []
  const failing = { code: '' }
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      if (failing.code) return done(Object.assign(new Error('no'), { code: failing.code }))
      events.push(String(text))
      done()
    },
  })
  const signals = new EventEmitter()
  const runtime = Object.assign(signals, { pid: 1, kill: (_: number, signal: string) => events.push(signal) > 0 })
  const output = outputOf(stream as unknown as NodeJS.WriteStream, runtime as unknown as NodeJS.Process)
  return { output, events, failing, signals }
}

test('Ctrl-Z while the cursor is hidden shows it before the process stops, each time', () => {
  const { output, events, signals } = scene()
  output.write(HIDE)
  for (const times of [1, 2]) {
    signals.emit('SIGTSTP')
    assert.equal(events.splice(0), [...(times === 1 ? [HIDE] : []), SHOW, 'SIGTSTP'])
    assert.is(output.stops?.(), times)
  }
  signals.emit('exit')
  assert.equal(events, [SHOW])
})

test('while the cursor shows, signals are left alone', async () => {
  const { output, signals } = scene()
  output.write(HIDE)
  output.write(`done${SHOW}`)
  await setImmediate()
  assert.equal(signals.eventNames(), [])
})

test('a Ctrl-Z that came in before the cursor was shown again still stops the process', async () => {
  for (const between of [`frame${SHOW}`, `frame${SHOW}${HIDE}`]) {
    const { output, events, signals } = scene()
    output.write(HIDE)
    output.write(between)
    signals.emit('SIGTSTP')
    assert.is(events.at(-1), 'SIGTSTP')
  }
})

test('output that cannot be written is dropped, and the reason is known', async () => {
  for (const [code, isReader] of [
    ['EPIPE', true],
    ['EIO', true],
    ['ENOSPC', false],
  ] as const) {
    const { output, events, failing } = scene()
    output.write('first')
    failing.code = code
    output.write('second')
    await output.written?.()
    failing.code = ''
    output.write('third')
    assert.equal(events, ['first'])
    assert.is(output.lost?.aborted, true)
    assert.is(hasNoReader(output.lost?.reason), isReader, code)
  }
})

test.run()
