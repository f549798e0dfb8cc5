import type { Backend } from './backend.ts'
import type { BackendOptions } from './options.ts'
import type { Reader } from './reader.ts'
import type { BackendKind, Target } from './target.ts'

/** Opens a backend; loads its code only then. */
interface Opening<T> {
  backend(target: T, options: BackendOptions): Promise<Backend<unknown, unknown>>
  reader(target: T): Promise<Reader>
}

const OPENINGS: { [K in BackendKind]: Opening<Extract<Target, { backend: K }>> } = {
  engine: {
    async backend({ engine }, options) {
      const { engineBackend } = await import('./engine/backend.ts')
      return engineBackend(engine, options) as Backend<unknown, unknown>
    },
    reader: async ({ engine }) => (await import('./engine/read/reader.ts')).engineReader(engine),
  },
}

/** A backend's snapshots and actions are opaque: callers only pass them on. */
export function openBackend(target: Target, options: BackendOptions): Promise<Backend<unknown, unknown>> {
  return openingOf(target).backend(target, options)
}

/** The read part only: commands that read or stream need neither planner nor performers, and start sooner. */
export function openReader(target: Target): Promise<Reader> {
  return openingOf(target).reader(target)
}

function openingOf({ backend }: Target): Opening<Target> {
  return OPENINGS[backend] as Opening<Target>
}
