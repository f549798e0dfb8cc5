import type { Backend } from '../backend/backend.ts'
import type { BackendOptions } from '../backend/options.ts'
import type { Reader } from '../backend/reader.ts'
import type { BackendKind } from '../backend/target.ts'
import type { Holder } from './lock/lock.ts'

/** Everything that a project needs from its process and its machine. */
export interface Runtime {
  env: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  cwd: string
  /** Of the user; absolute. */
  home?: string
  /** Milliseconds since the epoch. */
  wallTime(): number
  readStdin(): Promise<string>
  openBackend(options: BackendOptions, kind: BackendKind): Promise<Backend<unknown, unknown>>
  /** For work that only reads: it starts sooner. */
  openReader(kind: BackendKind): Promise<Reader>
  /** Waits until nobody on this machine holds the lock of this name for the backend's target. The result releases it. */
  lock(name: string, command: string, options: LockWait & { backend: BackendKind }): Promise<() => Promise<void>>
  /** Identifies the backend's target, such as an engine, among all others; absent: there is only one. */
  targetKey?(backend: BackendKind): Promise<string>
  /** A text of the user's Docker configuration, by its key; absent: there is none. */
  dockerSetting?(key: string): Promise<string | undefined>
  /** Where state is kept between commands; absolute, and not there until something is written. */
  stateFolder: string
}

export interface LockWait {
  /** Aborts the wait, which rejects with its reason. */
  signal: AbortSignal
  /** Called once, if somebody else holds the lock; without a holder where that is not known. */
  onWait(holder: Holder | undefined): void
}

/** Which stack is meant. Nothing given: that of the working directory, found as `docker compose` does. */
export interface StackSource {
  /** As in `-f`: relative to the working directory; `-` is standard input. */
  file: readonly string[]
  projectName?: string | undefined
  projectDirectory?: string | undefined
  envFile: readonly string[]
  profile: readonly string[]
  compatibility?: boolean
  /** How many steps may be under way at once, as a number in text. */
  parallel?: string | undefined
  /** Of a backend; by default the stack's files say it, else it is a Docker engine. */
  backend?: string | undefined
}
