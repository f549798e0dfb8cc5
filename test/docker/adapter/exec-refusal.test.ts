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
function sifted(chunks: OutputChunk[], exitCode: number): { passed: OutputChunk[]; thrown: unknown } {
  const passed: OutputChunk[] = []
  const sieve = refusalSieve((each) => passed.push(each))
  for (const each of chunks) sieve.add(each)
  try {
    sieve.end(exitCode)
    return { passed, thrown: undefined }
  } catch (thrown) {
    return { passed, thrown }
  }
}

for (const words of [...ENDED, ...UNKNOWN_PROGRAM])
  for (const code of [126, 127, 128])
    test(`the engine's words, with ${code}, are a refusal and no output: ${words}`, () => {
      const { passed, thrown } = sifted([chunk(`${words}\r\n`)], code)
      assert.equal(passed, [])
      assert.instance(thrown, EngineError)
      assert.equal([(thrown as EngineError).message, (thrown as EngineError).status], [words, 400])
    })

const OUTPUTS: [what: string, chunks: OutputChunk[], code: number][] = [
  ['nothing', [], 127],
  ["a shell's own words", [chunk('sh: x: not found\n', 'stderr')], 127],
  ['a line of a program that ended well', [chunk('done\r\n')], 0],
  ['a line of a program that failed', [chunk('failed\r\n')], 3],
  ['two pieces', [chunk('one\r\n'), chunk('two\r\n')], 127],
  ['errors after output', [chunk('one\r\n'), chunk('two\n', 'stderr')], 126],
  ['a line on the other stream', [chunk('words\r\n', 'stderr')], 126],
]
for (const [what, chunks, code] of OUTPUTS)
  test(`output stays output: ${what}`, () => {
    assert.equal(sifted(chunks, code), { passed: chunks, thrown: undefined })
  })

test.run()
