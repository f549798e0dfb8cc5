import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { asciiTerminal, inAscii } from '../../src/view/ascii.ts'
import { createView } from '../../src/view/view.ts'
import { clip, widthOf } from '../../src/view/width.ts'
import { virtualClock } from '../support/clock.ts'
import { RECORDINGS } from './recordings.ts'
import { FACTS, terminalOf } from './support.ts'

for (const mode of ['tree', 'plain', 'quiet'] as const) {
  for (const [name, events] of Object.entries(RECORDINGS)) {
    test(`in ASCII, the ${mode} view of ${name} has no other symbols, and its lines are no wider`, async () => {
      const clock = virtualClock({ manual: true })
      const { terminal, shown } = terminalOf(clock, 40, 24)
      const view = await createView(mode, asciiTerminal(terminal), FACTS)
      for (const event of events) {
        await clock.advance(event.at - clock.now())
        view.emit(event)
        await new Promise((resolve) => setImmediate(resolve))
      }
      await view.flush()
      assert.match(shown().raw, /^\p{ASCII}*$/u)
      if (mode === 'tree') for (const line of shown().screen.text.split('\n')) assert.ok(widthOf(line) <= 40, line)
    })
  }
}

test('the mark of a cut is as wide in ASCII, in a cell, before a colour, and at the beginning of a source line', () => {
  const cells = [clip('a long line', 6), `${clip('a long line', 6)}\u001b[0m`, ` 3 | …rest of a line\n`]
  for (const cell of cells) assert.is(inAscii(cell).length, cell.length)
})

test("characters that are the user's stay", () => {
  assert.is(inAscii('✔ größe: 日本'), '+ größe: 日本')
})

test.run()
