import { isAway } from '../../../diagnostics/backend-error.ts'
import type { Engine } from '../../../docker/port.ts'
import { reportSlowCall } from '../../../execute/slow-call.ts'
import type { Settling } from '../../backend.ts'
import type { Creation, CreationJournal } from '../../journal.ts'

/** Wraps an engine so that the journal records each creation and container removal until the engine has answered. */
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
  // Not a copy: all other calls go to the engine's methods at call time.
  return Object.assign(Object.create(engine), creating)
}

/** Waits until the creations and removals that a killed command requested are complete, or their time is over. */
export async function settleCreations(
  engine: Engine,
  journal: CreationJournal | undefined,
  settling: Settling,
): Promise<void> {
  const pending = journal?.pending() ?? []
  await Promise.all(pending.map((each) => untilDone(engine, each, settling)))
  for (const { kind, name } of pending) journal?.answered({ kind, name })
}

/** The polling interval: a creation takes tenths of a second, and its event may precede its entry in the list. */
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
  const report = () => onWait(name, work)
  const until = clock.now() + remainingMs
  for (let isReported = false; ; isReported = true) {
    const isDone = await reportSlowCall(look(engine, creation, signal), { signal, clock, progress: report })
    if (isDone || clock.now() >= until) return
    if (!isReported) report()
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
      // The filter also matches parts of names.
      return (await engine.listNetworks({ names: [name] }, signal)).some((each) => each.name === name)
  }
}
