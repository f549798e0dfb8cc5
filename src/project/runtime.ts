import type { Backend } from '../backend/backend.ts'
import type { BackendOptions } from '../backend/options.ts'
import type { Reader } from '../backend/reader.ts'
import type { BackendKind } from '../backend/target.ts'
import type { Publication } from '../stack/publication.ts'
import type { Holder } from './lock/lock.ts'

/** Everything that a project needs from its process and machine. */
export interface Runtime {
  env: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  cwd: string
  /** The user's home directory; absolute. */
  home?: string
  /** Milliseconds since the epoch. */
  wallTime(): number
  readStdin(): Promise<string>
  openBackend(options: BackendOptions, kind: BackendKind): Promise<Backend<unknown, unknown>>
  /** For commands that only read; starts sooner. */
  openReader(kind: BackendKind): Promise<Reader>
  /** Waits until no process on this machine holds the lock with this name for the backend's target. The result releases it. */
  lock(name: string, command: string, options: LockWait & { backend: BackendKind }): Promise<() => Promise<void>>
  /** Identifies the backend's target, e.g. an engine; absent if there is only one. */
  targetKey?(backend: BackendKind): Promise<string>
  /** A string of the user's Docker configuration, by key; absent if there is none. */
  dockerSetting?(key: string): Promise<string | undefined>
  /** Fetches a stack file from a registry or a Git repository, with the folder of all its files. Throws a StackError. */
  fetchStack?(reference: string, options: FetchOptions): Promise<{ file: string; folder: string }>
  /** Publishes a stack in a registry; resolves to its digest. Throws a StackError. */
  publishStack?(publication: Publication, options: FetchOptions): Promise<{ digest: string }>
  /** The directory for snapshots; absolute, and created on the first write. By default below the state directory. */
  dataFolder?: string
  /** Waits until no process on this machine writes to the data directory. The result releases it. */
  dataLock?(command: string, options: LockWait): Promise<() => Promise<void>>
  /** The directory for state between commands; absolute, and created on the first write. */
  stateFolder: string
}

export interface FetchOptions {
  /** Registries that may be asked without encryption. */
  insecure: readonly string[]
  signal: AbortSignal
}

export interface LockWait {
  /** Aborts the wait, which then rejects with the signal's reason. */
  signal: AbortSignal
  /** Called once, if another process holds the lock; without a holder if it is unknown. */
  onWait(holder: Holder | undefined): void
}

/** Selects a stack. By default, the working directory's, found as in `docker compose`. */
export interface StackSource {
  /** As in `-f`: relative to the working directory; `-` is standard input; or in a registry or a Git repository. */
  file: readonly string[]
  projectName?: string | undefined
  projectDirectory?: string | undefined
  envFile: readonly string[]
  profile: readonly string[]
  compatibility?: boolean
  /** The maximum number of concurrent steps; by default COMPOSE_PARALLEL_LIMIT. No limit: 0 and negative numbers. */
  parallel?: number | undefined
  /** Registries that may be asked without encryption. */
  insecureRegistry?: readonly string[]
  /** Fetches no stack files from elsewhere. */
  offline?: true
  /** The backend's name; by default the one in the stack's files, or else a Docker engine. */
  backend?: string | undefined
}
