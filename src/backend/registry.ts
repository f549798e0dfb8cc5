import type { Engine } from '../docker/port.ts'
import type { Backend } from './backend.ts'
import type { Journal } from './journal.ts'
import type { Programs } from './programs.ts'
import type { Reader } from './reader.ts'
import type { Session } from './session.ts'

export type BackendKind = 'engine'

/** Hears of containers while a plan is carried out. */
export interface ContainerListener {
  created(name: string, id: string): void
  /** One that the plan attaches to, before it starts. */
  attached(session: Session): void
}

export interface BackendOptions {
  project: string
  contentOf(key: string): Uint8Array | undefined
  /** Whether every user of this machine may read a file; by default they may. */
  isOpenToAll?(path: string): boolean
  /** A directory of this machine, symbolic links followed; by default none is there. */
  realDirectory?(path: string): string | undefined
  /** Milliseconds since the epoch; needed for pull policies that look at the time. */
  wallTime?(): number
  /** By default there are none. */
  programs?: Programs
  containers?: ContainerListener
  /** By default nothing is remembered from one command to the next. */
  journal?: Journal
}

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
