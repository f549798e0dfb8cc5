import { type Engine, EngineError } from '../../../docker/port.ts'
import type { Freezer } from '../../transfer.ts'

export function freezer(engine: Engine): Freezer {
  return {
    freeze: (container) => unless(engine.pauseContainer(container), /already paused/i),
    thaw: (container) => unless(engine.unpauseContainer(container), /not paused|no such container/i),
  }
}

async function unless(requested: Promise<void>, isSo: RegExp): Promise<void> {
  try {
    await requested
  } catch (thrown) {
    if (!(thrown instanceof EngineError && isSo.test(thrown.message))) throw thrown
  }
}
