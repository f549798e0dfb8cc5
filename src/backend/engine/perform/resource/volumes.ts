import { type Engine, EngineError } from '../../../../docker/port.ts'

/** One that is gone already is as good as removed. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  try {
    await engine.removeVolume(name)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'gone')) throw thrown
  }
}
