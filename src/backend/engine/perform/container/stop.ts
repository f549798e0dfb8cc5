import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { Journal } from '../../../journal.ts'

/** The engine's own grace period, in seconds, where the container has none. */
export const DEFAULT_GRACE = 10

/** The engine keeps stopping it even if the answer is no longer awaited: the journal records that. */
export async function stopContainer(
  engine: Engine,
  journal: Journal,
  container: string,
  grace?: number,
): Promise<void> {
  journal.stopping(container, (grace ?? DEFAULT_GRACE) * 1000)
  await engine.stopContainer(container, grace === undefined ? {} : { grace })
  journal.stopped(container)
}

/** One that has ended since the plan was made needs no signal any more. */
export async function killContainer(engine: Engine, container: string, signal: string): Promise<void> {
  try {
    await engine.killContainer(container, signal)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'conflict')) throw thrown
  }
}

/** A start that a killed command had asked for may have come through after all: what runs now is stopped first. Engines word it differently. */
export async function removeContainer(
  engine: Engine,
  journal: Journal,
  container: string,
  options: { force: boolean; volumes: boolean },
): Promise<void> {
  try {
    await engine.removeContainer(container, options)
  } catch (thrown) {
    const refused = thrown instanceof EngineError && thrown.kind === 'conflict'
    if (!refused || !(await engine.inspectContainer(container))?.running) throw thrown
    await stopContainer(engine, journal, container)
    await engine.removeContainer(container, options)
  }
}
