import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refusalSieve } from '../../../src/docker/adapter/exec-refusal.ts'
import { EngineError, type OutputChunk } from '../../../src/docker/port.ts'
import { ENDED, UNKNOWN_PROGRAM } from '../../support/exec-words.ts'

const chunk = (text: string, stream: OutputChunk['stream'] = 'stdout'): OutputChunk => ({
  stream,
  payload: Buffer.from(text),
})

/** What is passed on, and what is thrown at the end. */
function sifted(chunks: OutputChunk[], hasBegun: boolean): { passed: OutputChunk[]; thrown: unknown } {
  const passed: OutputChunk[] = []
  const sieve = refusalSieve((each) => passed.push(each))
  for (const each of chunks) sieve.add(each)
  try {
    sieve.end({ hasBegun })
    return { passed, thrown: undefined }
  } catch (thrown) {
    return { passed, thrown }
  }
}

for (const words of [...ENDED, ...UNKNOWN_PROGRAM])
  test(`the engine's words are a refusal and no output: ${words}`, () => {
    const { passed, thrown } = sifted([chunk(`${words}\r\n`)], false)
    assert.equal(passed, [])
    assert.instance(thrown, EngineError)
    assert.equal([(thrown as EngineError).message, (thrown as EngineError).status], [words, 400])
    assert.equal(sifted([chunk(`${words}\r\n`)], true).thrown, undefined, 'a command may print them too')
  })

const OUTPUTS: [what: string, chunks: OutputChunk[]][] = [
  ['nothing', []],
  ["a shell's own words", [chunk('sh: x: not found\n', 'stderr')]],
  ['a line of a program that ended well', [chunk('done\r\n')]],
  ['a line of a program that failed', [chunk('failed\r\n')]],
  ['two pieces', [chunk('one\r\n'), chunk('two\r\n')]],
  ['errors after output', [chunk('one\r\n'), chunk('two\n', 'stderr')]],
  ['a line on the other stream', [chunk('words\r\n', 'stderr')]],
]
for (const [what, chunks] of OUTPUTS)
  test(`output stays output: ${what}`, () => {
    assert.equal(sifted(chunks, true), { passed: chunks, thrown: undefined })
  })

test.run()
