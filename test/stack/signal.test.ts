import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { signalHint, signalNumber } from '../../src/stack/signal.ts'

/** What the engine takes is compared with it in test/live/lifecycle/verbs.test.ts. */
const NUMBERS: [text: string, number: number | undefined][] = [
  ['SIGKILL', 9],
  ['kill', 9],
  ['sigUsr1', 10],
  ['15', 15],
  ['RTMIN', 34],
  ['SIGRTMIN+3', 37],
  ['rtmin+15', 49],
  ['RTMAX-14', 50],
  ['SIGRTMAX', 64],
  ['64', 64],
  ['0', undefined],
  ['32', undefined],
  ['65', undefined],
  ['-9', undefined],
  ['', undefined],
  ['SIG', undefined],
  ['FOO', undefined],
  ['RTMIN-1', undefined],
  ['RTMIN+16', undefined],
  ['RTMAX-15', undefined],
]

for (const [text, number] of NUMBERS)
  test(`signal "${text}": ${number ?? 'there is none'}`, () => assert.is(signalNumber(text), number))

test('one that is nearly right is guessed at; else it is said what there may be', () => {
  assert.match(signalHint('SIGTREM'), 'did you mean "TERM"')
  assert.match(signalHint('hub'), 'did you mean "HUP"')
  for (const text of ['SIGNONSENSE', '99', '', 'SIG']) assert.match(signalHint(text), 'RTMIN+3')
})

test.run()
