import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { Journal } from '../../../journal.ts'

/** The engine's default grace period in seconds, for containers without one. */
export const DEFAULT_GRACE = 10

/** The engine continues the stop even if the answer is no longer awaited: the journal records that. */
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

/** A container that has ended since the plan was made needs no signal. */
export async function killContainer(engine: Engine, container: string, signal: string): Promise<void> {
  try {
    await engine.killContainer(container, signal)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'conflict')) throw thrown
  }
}

/**
 * A start that a killed command requested may have succeeded after all: a running container is stopped first. Engines word that
 * error differently.
 */
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
