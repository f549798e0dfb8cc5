import { MODES as PROGRESS } from '../../src/cli/globals.ts'
import type { RunEvent } from '../../src/execute/event.ts'
import type { Clock } from '../../src/execute/step-context.ts'
import { engineName } from '../../src/stack/names.ts'
import type { Facts, Mode } from '../../src/view/contract.ts'
import type { Terminal } from '../../src/view/terminal.ts'
import { createView } from '../../src/view/view.ts'
import { virtualClock } from '../support/clock.ts'
import { SECRET } from './recordings.ts'
import { Screen } from './screen.ts'

/** All views. */
export const MODES: Mode[] = [...new Set(Object.values(PROGRESS))].filter((each) => each !== 'auto')

export interface Shown {
  /** Everything written to standard error. */
  raw: string
  /** What stands on a terminal after it. */
  screen: Screen
  /** Everything written to standard output. */
  out: string
}

export const FACTS: Facts = {
  sensitive: () => ({ values: new Set([SECRET, `old-${SECRET}`]), paths: new Set() }),
  sourceOf: () => undefined,
  workingDirectory: '/lab',
  engineName,
}

/** Shows a recording in a view, the clock moving on with the events' times. */
export async function show(mode: Mode, events: readonly RunEvent[], columns = 90, rows = 24): Promise<Shown> {
  const clock = virtualClock({ manual: true })
  const { terminal, shown } = terminalOf(clock, columns, rows)
  const view = await createView(mode, terminal, FACTS)
  for (const event of events) {
    await clock.advance(event.at - clock.now())
    view.emit(event)
  }
  await view.flush()
  return shown()
}

export function terminalOf(clock: Clock, columns: number, rows: number): { terminal: Terminal; shown(): Shown } {
  const screen = new Screen(columns)
  const written = { out: '', err: '' }
  const output = (stream: 'out' | 'err') => ({
    write(text: string) {
      written[stream] += text
      if (stream === 'err') screen.write(text)
    },
    isTTY: true,
    columns: () => columns,
    rows: () => rows,
    colours: 0 as const,
  })
  const terminal = { out: output('out'), err: output('err'), clock }
  return { terminal, shown: () => ({ raw: written.err, out: written.out, screen }) }
}
