import type { Engine } from '../docker/port.ts'
import type { Backend } from './backend.ts'
import type { BackendOptions } from './options.ts'
import type { Reader } from './reader.ts'

export type BackendKind = 'engine'

/** Backends by name, loaded when first asked for. Their snapshots and actions are theirs: callers only hand them on. */
export async function openBackend(
  kind: BackendKind,
  engine: Engine,
  options: BackendOptions,
): Promise<Backend<unknown, unknown>> {
  const backends: Record<BackendKind, () => Promise<Backend<unknown, unknown>>> = {
    engine: async () => {
      const { engineBackend } = await import('./engine/backend.ts')
      return engineBackend(engine, options) as Backend<unknown, unknown>
    },
  }
  return backends[kind]()
}

/** Only what reads: commands that look or stream need neither planner nor performers, and start the sooner. */
export async function openReader(kind: BackendKind, engine: Engine): Promise<Reader> {
  const readers: Record<BackendKind, () => Promise<Reader>> = {
    engine: async () => (await import('./engine/read/reader.ts')).engineReader(engine),
  }
  return readers[kind]()
}
