import { PassThrough } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask } from '../../../src/cli/terminal/ask.ts'

function streams() {
  const [input, output] = [new PassThrough(), new PassThrough()]
  return { input, output, size: { isTTY: true, columns: () => 80 }, shown: () => allOf(output) }
}

/** What waits to be read. From Node 26 on, one `read` returns one chunk. */
function allOf(output: PassThrough): string {
  let text = ''
  for (let chunk = output.read(); chunk !== null; chunk = output.read()) text += chunk
  return text
}

const calm = new AbortController().signal

test('one line is the answer', async () => {
  const { input, output, size, shown } = streams()
  const answer = ask({ input, output, size }, 'Sure? ', calm)
  input.write('yes\nand more\n')
  assert.equal([await answer, shown()], ['yes', 'Sure? '])
})

test('the end of the input is no answer, and ends the line', async () => {
  const { input, output, size, shown } = streams()
  const answer = ask({ input, output, size }, 'Sure? ', calm)
  input.end()
  assert.equal([await answer, shown()], ['', 'Sure? \n'])
})

test('an interrupt ends the question', async () => {
  const { input, output, size } = streams()
  const interrupt = new AbortController()
  const answer = ask({ input, output, size }, 'Sure? ', interrupt.signal)
  interrupt.abort()
  const thrown = await answer.catch((reason) => reason)
  assert.is(thrown.name, 'AbortError')
})

test.run()
