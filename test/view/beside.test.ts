import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../src/execute/event.ts'
import type { Mode } from '../../src/view/contract.ts'
import { createView } from '../../src/view/view.ts'
import { virtualClock } from '../support/clock.ts'
import { RECORDINGS } from './recordings.ts'
import { Screen } from './screen.ts'
import { FACTS } from './support.ts'

/** Shows a recording, with a line of a log after each event. */
async function onScreen(
  mode: Mode,
  events: readonly RunEvent[],
  columns: number,
  log: readonly string[],
): Promise<string> {
  const clock = virtualClock({ manual: true })
  const screen = new Screen(columns)
  const output = {
    write: (text: string) => screen.write(text),
    isTTY: true,
    columns: () => columns,
    rows: () => 24,
    colours: 0 as const,
  }
  const view = await createView(mode, { out: output, err: output, clock }, FACTS)
  for (const [index, event] of events.entries()) {
    await clock.advance(event.at - clock.now())
    view.emit(event)
    // What is shown live is drawn while nobody is busy.
    await new Promise((resolve) => setImmediate(resolve))
    if (log[index] !== undefined) view.beside(() => output.write(`${log[index]}\n`))
  }
  await view.flush()
  return screen.text
}

const isLog = (line: string) => line.startsWith('web-1  | line')

for (const mode of ['tree', 'plain', 'json', 'quiet'] as const) {
  for (const [name, events] of Object.entries(RECORDINGS)) {
    test(`a log beside the ${mode} view of ${name} is whole and in order, and the view is as it would be without`, async () => {
      for (const columns of [40, 90]) {
        const log = events.map((_, index) => `web-1  | line ${index}.`)
        const lines = (await onScreen(mode, events, columns, log)).split('\n')
        assert.equal(lines.filter(isLog), log)
        const alone = await onScreen(mode, events, columns, [])
        assert.equal(lines.filter((line) => !isLog(line)).join('\n'), alone)
      }
    })
  }
}

test.run()
