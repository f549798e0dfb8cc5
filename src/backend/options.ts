import type { Journal } from './journal.ts'
import type { Programs } from './programs.ts'
import type { Session } from './session.ts'

/** Notified of containers while a plan is executed. */
export interface ContainerListener {
  created(name: string, id: string): void
  /** A container that the plan attaches to before it starts. */
  attached(session: Session): void
}

export interface BackendOptions {
  project: string
  contentOf(key: string): Uint8Array | undefined
  /** Whether every user of this machine may read a file; by default they may. */
  isOpenToAll?(path: string): boolean
  /** A local directory's path with symbolic links resolved; by default, no directory exists. */
  realDirectory?(path: string): string | undefined
  /** Milliseconds since the epoch; needed for pull policies with a period. */
  wallTime?(): number
  /** None by default. */
  programs?: Programs
  containers?: ContainerListener
  /** By default, nothing is stored between commands. */
  journal?: Journal
}
