import { type Engine, EngineError } from '../../../docker/port.ts'
import type { Freezer } from '../../transfer.ts'

export function freezer(engine: Engine): Freezer {
  return {
    async freeze(container) {
      try {
        await unless(engine.pauseContainer(container), /already paused/i)
        return true
      } catch (thrown) {
        // The kernel gives up if a process does not stop soon enough, for example on a busy machine.
        if (thrown instanceof EngineError && /unable to freeze/i.test(thrown.message)) return false
        throw thrown
      }
    },
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
