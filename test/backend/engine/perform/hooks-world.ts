import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { type Intent, UP } from '../../../../src/backend/intent.ts'
import type { Journal } from '../../../../src/backend/journal.ts'
import { NO_JOURNAL } from '../../../../src/backend/journal.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { ExecSpec } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import { execute, type Outcome } from '../../../../src/execute/execute.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import type { ImageFixture } from '../../../support/memory/fixture.ts'
import type { MemoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES } from '../../support.ts'

/** Commands around starts and stops, on the in-memory engine; what they print and how they end is their last two words. */
export const hook = (name: string, code = 0) => ({ command: ['hook', name, String(code)] })
export const isHook = ({ cmd }: ExecSpec) => cmd[0] === 'hook'
export const answer = ({ cmd }: ExecSpec) =>
  isHook({ cmd }) ? { exitCode: Number(cmd[2]), output: `says ${cmd[1]}\n` } : { exitCode: 0, output: '' }
export const HOOKED: Record<string, ImageFixture> = Object.fromEntries(
  Object.entries(IMAGES).map(([name, image]) => [name, { ...image, exec: answer }]),
)
export const images = {
  ...HOOKED,
  'once:1': { cmd: ['work'], exits: { after: 50, code: 0 } },
  'breaks:1': { exits: { after: 5, code: 3 }, log: [{ after: 1, text: 'no schema' }] },
}

/** Like the file that a command leaves behind. */
export function memoryJournal(): Journal {
  const due = new Map<string, number>()
  const hooks = {
    due: (container: string, next: number) => void due.set(container, next),
    done: (container: string) => void due.delete(container),
    pending: () => Object.fromEntries(due),
  }
  return { ...NO_JOURNAL, hooks }
}

export interface Run {
  outcome: Outcome
  events: RunEvent[]
}

export async function command(
  engine: MemoryEngine,
  stack: Stack,
  intent: Intent,
  journal = memoryJournal(),
): Promise<Run> {
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined, journal })
  const events: RunEvent[] = []
  const signal = new AbortController().signal
  const observed = await backend.observe(stack, signal, intent)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
  const outcome = await execute(plan, backend.perform, {
    signal,
    clock: engine.clock,
    emit: (event) => events.push(event),
  })
  return { outcome, events }
}

export const up = (engine: MemoryEngine, stack: Stack, journal?: Journal) =>
  command(engine, stack, { ...UP, removeOrphans: true }, journal)

/** What was done to containers, in order: `start web`, `hook a`, `stop web`. A hook's name says whose it is. */
export function story(engine: MemoryEngine): string[] {
  return engine.calls.flatMap(({ method, args: [id, spec] }) => {
    if (method === 'exec' && isHook(spec as ExecSpec)) return [`hook ${(spec as ExecSpec).cmd[1]}`]
    if (method !== 'startContainer' && method !== 'stopContainer') return []
    const name = engine.world.containers.get(String(id))?.name ?? 'gone'
    return [`${method.replace('Container', '')} ${name.replace(/^lab-/, '')}`]
  })
}
