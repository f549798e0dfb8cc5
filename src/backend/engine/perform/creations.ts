import { isAway } from '../../../diagnostics/backend-error.ts'
import type { Engine } from '../../../docker/port.ts'
import { reportSlowCall } from '../../../execute/slow-call.ts'
import type { Settling } from '../../backend.ts'
import type { Creation, CreationJournal } from '../../journal.ts'

/** The same engine; what it is asked to create, and which containers to remove, is noted until it has answered. */
export function notingCreations(engine: Engine, journal: CreationJournal | undefined): Engine {
  if (!journal) return engine
  const noted = async <T>(creation: Creation, create: () => Promise<T>): Promise<T> => {
    journal.requested(creation)
    try {
      const made = await create()
      journal.answered(creation)
      return made
    } catch (thrown) {
      if (!isAway(thrown)) journal.answered(creation)
      throw thrown
    }
  }
  const creating: Pick<Engine, 'createContainer' | 'createNetwork' | 'createVolume' | 'removeContainer'> = {
    createContainer: (name, ...more) => noted({ kind: 'container', name }, () => engine.createContainer(name, ...more)),
    createNetwork: (spec) => noted({ kind: 'network', name: spec.Name }, () => engine.createNetwork(spec)),
    removeContainer: (id, ...more) => noted({ kind: 'removal', name: id }, () => engine.removeContainer(id, ...more)),
    createVolume: (spec) => noted({ kind: 'volume', name: spec.Name }, () => engine.createVolume(spec)),
  }
  // Not a copy: every other call is the engine's at the time of the call.
  return Object.assign(Object.create(engine), creating)
}

/** Waits for what a killed command had asked the engine to create or remove, until that is done or its time is over. */
export async function settleCreations(
  engine: Engine,
  journal: CreationJournal | undefined,
  settling: Settling,
): Promise<void> {
  const pending = journal?.pending() ?? []
  await Promise.all(pending.map((each) => untilDone(engine, each, settling)))
  for (const { kind, name } of pending) journal?.answered({ kind, name })
}

/** Between two looks: a creation takes tenths of a second, and its event does not mean that the list has it. */
const LOOK_MS = 100

async function untilDone(
  engine: Engine,
  { remainingMs, ...creation }: Creation & { remainingMs: number },
  { signal, clock, onWait }: Settling,
): Promise<void> {
  const [name, work] =
    creation.kind === 'removal'
      ? ([creation.name.slice(0, 12), 'removal'] as const)
      : ([creation.name, 'creation'] as const)
  const tell = () => onWait(name, work)
  const until = clock.now() + remainingMs
  for (let told = false; ; told = true) {
    const isDone = await reportSlowCall(look(engine, creation, signal), { signal, clock, progress: tell })
    if (isDone || clock.now() >= until) return
    if (!told) tell()
    await clock.sleep(Math.min(LOOK_MS, until - clock.now()), signal)
  }
}

async function look(engine: Engine, { kind, name }: Creation, signal: AbortSignal): Promise<boolean> {
  switch (kind) {
    case 'removal':
      return (await engine.inspectContainer(name, signal)) === undefined
    case 'container':
      return (await engine.inspectContainer(name, signal)) !== undefined
    case 'volume':
      return (await engine.inspectVolume(name, signal)) !== undefined
    case 'network':
      // The filter finds parts of names, too.
      return (await engine.listNetworks({ names: [name] }, signal)).some((each) => each.name === name)
  }
}
