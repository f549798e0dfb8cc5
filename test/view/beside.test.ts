import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withFooter } from '../../src/cli/terminal/footer.ts'
import type { RunEvent } from '../../src/execute/event.ts'
import type { Mode, View } from '../../src/view/contract.ts'
import { createView } from '../../src/view/view.ts'
import { virtualClock } from '../support/clock.ts'
import { RECORDINGS, SUCCESS } from './recordings.ts'
import { Screen } from './screen.ts'
import { FACTS } from './support.ts'

const KEYS = 'w watch files'

interface Shown {
  mode: Mode
  events: readonly RunEvent[]
  columns: number
  /** A line of a log after each event. */
  log: readonly string[]
  /** Gets the last line of the screen after each event. */
  last?: string[]
  /** Whether the log is printed beside another view of the terminal, whose run is over, with a line of keys at the end. */
  isOther?: boolean
}

async function onScreen({ mode, events, columns, log, isOther = false, last = [] }: Shown): Promise<string> {
  const clock = virtualClock({ manual: true })
  const screen = new Screen(columns)
  const output = {
    write: (text: string) => screen.write(text),
    isTTY: true,
    columns: () => columns,
    rows: () => 24,
    colours: 0 as const,
  }
  const { out, err } = withFooter({ out: output, err: output })
  const [first, view] = [
    await createView(mode, { out, err, clock }, FACTS),
    await createView(mode, { out, err, clock }, FACTS),
  ]
  if (isOther) {
    await play(first, clock, SUCCESS)
    out.footer?.((width) => KEYS.slice(0, width - 1))
  }
  const printing = isOther ? first : view
  const began = clock.now()
  await play(
    view,
    clock,
    events.map((event) => ({ ...event, at: event.at + began })),
    (index) => {
      if (log[index] !== undefined) printing.beside(() => out.write(`${log[index]}\n`))
      last.push(screen.text.split('\n').at(-1) ?? '')
    },
  )
  out.footer?.(undefined)
  return screen.text
}

type Clock = ReturnType<typeof virtualClock>

async function play(
  view: View,
  clock: Clock,
  events: readonly RunEvent[],
  after?: (index: number) => void,
): Promise<void> {
  for (const [index, event] of events.entries()) {
    await clock.advance(event.at - clock.now())
    view.emit(event)
    // What is shown live is drawn while nobody is busy.
    await new Promise((resolve) => setImmediate(resolve))
    after?.(index)
  }
  await view.flush()
}

const isLog = (line: string) => line.startsWith('web-1  | line')

for (const mode of ['tree', 'plain', 'json', 'quiet'] as const)
  for (const [name, events] of Object.entries(RECORDINGS))
    for (const isOther of [false, true])
      test(`a log beside ${isOther ? 'another' : 'the'} ${mode} view of ${name} is whole and in order, and the view is as it would be without`, async () => {
        for (const columns of [40, 90]) {
          const log = events.map((_, index) => `web-1  | line ${index}.`)
          const shown = { mode, events, columns, isOther }
          const lines = (await onScreen({ ...shown, log })).split('\n')
          assert.equal(lines.filter(isLog), log)
          const alone = await onScreen({ ...shown, log: [] })
          assert.equal(lines.filter((line) => !isLog(line)).join('\n'), alone)
        }
      })

test('the line of keys stays below a live list', async () => {
  for (const events of Object.values(RECORDINGS)) {
    const last: string[] = []
    const log = events.map((_, index) => `web-1  | line ${index}.`)
    await onScreen({ mode: 'tree', events, columns: 90, log, isOther: true, last })
    assert.equal([...new Set(last)], [KEYS])
  }
})

test.run()
