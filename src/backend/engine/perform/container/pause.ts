import { type Engine, EngineError } from '../../../../docker/port.ts'

/** A container that someone else paused meanwhile is as it should be. */
export function pauseContainer(engine: Engine, container: string): Promise<void> {
  return unless(engine.pauseContainer(container), /already paused/i)
}

/** A container that someone else unpaused meanwhile is as it should be. */
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
