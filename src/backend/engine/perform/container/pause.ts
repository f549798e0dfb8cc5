import { type Engine, EngineError } from '../../../../docker/port.ts'

/** A container that is already paused is fine. */
export function pauseContainer(engine: Engine, container: string): Promise<void> {
  return unless(engine.pauseContainer(container), /already paused/i)
}

/** A container that is already running again is fine. */
export function unpauseContainer(engine: Engine, container: string): Promise<void> {
  return unless(engine.unpauseContainer(container), /not paused/i)
}

async function unless(asked: Promise<void>, isSo: RegExp): Promise<void> {
  try {
    await asked
  } catch (thrown) {
    if (!(thrown instanceof EngineError && isSo.test(thrown.message))) throw thrown
  }
}
