import { EventEmitter } from 'node:events'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { interruptsOf } from '../../../src/cli/terminal/interrupts.ts'

/** A process that hears signals, and the codes that it was ended with. */
function scene() {
  const ends: number[] = []
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => ends.push(code) })
  const interrupts = interruptsOf(process as unknown as NodeJS.Process)
  return { process, interrupts, ends }
}

test('each Ctrl-C is for the next listener', () => {
  const { process, interrupts } = scene()
  const again = interrupts.next()
  process.emit('SIGINT', 'SIGINT')
  assert.equal([interrupts.signal.aborted, again.aborted, interrupts.first?.()], [true, false, 'SIGINT'])
  process.emit('SIGINT', 'SIGINT')
  assert.is(again.aborted, true)
})

test('a terminal that goes away is no impatience, however often it says so', () => {
  const { process, interrupts, ends } = scene()
  const again = interrupts.next()
  for (let times = 0; times < 3; times++) process.emit('SIGHUP', 'SIGHUP')
  assert.equal([interrupts.signal.aborted, again.aborted, interrupts.first?.(), ends], [true, false, 'SIGHUP', []])
})

test('while signals are diverted, each of them goes there, and interrupts nothing', () => {
  const { process, interrupts } = scene()
  const heard: string[] = []
  const undivert = interrupts.divert((signal) => heard.push(signal))
  for (const signal of ['SIGHUP', 'SIGHUP', 'SIGQUIT']) process.emit(signal, signal)
  undivert()
  process.emit('SIGQUIT', 'SIGQUIT')
  assert.equal([heard, interrupts.signal.aborted], [['SIGHUP', 'SIGHUP', 'SIGQUIT'], false])
})

test.run()
