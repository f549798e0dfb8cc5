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
