import type { Engine } from '../../src/docker/port.ts'

/** Subscribes at once; the result resolves when the engine signals the first container of the project. */
export async function firstSignal(engine: Engine, project: string): Promise<() => Promise<void>> {
  const stop = new AbortController()
  const labels = [`com.docker.compose.project=${project}`]
  const events = await engine.events({ types: ['container'], labels }, stop.signal)
  return async () => {
    for await (const event of events) if (event.action === 'kill') return stop.abort()
  }
}
