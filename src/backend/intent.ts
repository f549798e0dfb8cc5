import type { Address } from '../stack/address.ts'
import type { Mount, Port } from '../stack/model.ts'
import type { ImageIntent } from './image-intent.ts'

/** The user's request as data; all requests stand in this file. Durations are milliseconds. */
export interface UpIntent {
  kind: 'up'
  /** Empty: every active service. */
  services: string[]
  build: boolean
  noBuild: boolean
  forceRecreate: boolean
  /** Recreate the dependencies of the named services even if nothing changed. */
  recreateDependencies?: boolean
  noRecreate: boolean
  removeOrphans: boolean
  /** Do not mention orphans. */
  ignoreOrphans?: true
  /** Without the dependencies of the services. */
  noDeps: boolean
  /** Create containers but start none. */
  noStart: boolean
  /** Wait until the services are running or healthy. */
  wait: boolean
  waitTimeout?: number
  /** Overrides every `pull_policy`. */
  pull?: string
  /** Grace period when stopping containers. */
  timeout?: number
  renewAnonymousVolumes: boolean
  /** Take over a project that was brought up from another directory; its containers are recreated. */
  takeOver?: boolean
  /** The number of containers by service, instead of the declared one. */
  scale?: Record<string, number>
  /** Also create networks and volumes that no service uses. */
  allResources?: boolean
  locked?: LockedImages
  /** Volumes, by name, that what is brought up fills, with the ids of their marks (backend/transfer.ts). */
  filling?: Record<string, string>
}

/** Images that a lock file pins. */
export interface LockedImages {
  /** Content ids (lockfile/content-id.ts) by reference. */
  images: Record<string, string>
  /** Whether no other content will do; otherwise an image that is not there is pulled as usual. */
  strict: boolean
}

export interface DownIntent {
  kind: 'down'
  /** Empty: the whole project, networks included. */
  services: string[]
  volumes: boolean
  /** Also remove images: all that the services use, or only those that were built for the project. */
  images?: 'all' | 'local'
  removeOrphans: boolean
  ignoreOrphans?: true
  timeout?: number
}

export type Intent =
  | UpIntent
  | DownIntent
  | StopIntent
  | StartIntent
  | RestartIntent
  | KillIntent
  | PauseIntent
  | RemoveIntent
  | RunIntent
  | ImageIntent

/** The intent of a kind: for tables with a row for each kind. */
export type IntentOf<K extends Intent['kind']> = Intent extends infer I
  ? I extends { kind: infer Kind }
    ? K extends Kind
      ? I
      : never
    : never
  : never

export const UP: UpIntent = {
  kind: 'up',
  services: [],
  build: false,
  noBuild: false,
  forceRecreate: false,
  noRecreate: false,
  removeOrphans: false,
  noDeps: false,
  noStart: false,
  wait: false,
  renewAnonymousVolumes: false,
}

export const DOWN: DownIntent = { kind: 'down', services: [], volumes: false, removeOrphans: false }

/**
 * Stop and keep everything, as Ctrl-C does to an attached `up`. In this and the following intents, no services means every active
 * one.
 */
export interface StopIntent {
  kind: 'stop'
  services: string[]
  /** Only these containers, by address; `services` are their services. */
  only?: Address[]
  timeout?: number
}

/** Start existing containers and their dependencies. */
export interface StartIntent {
  kind: 'start'
  services: string[]
  /** Wait until the services are running or healthy. */
  wait: boolean
  waitTimeout?: number
}

/** Stop and start again, dependents with `restart` included. */
export interface RestartIntent {
  kind: 'restart'
  services: string[]
  /** Without dependents. */
  noDeps: boolean
  timeout?: number
}

export interface KillIntent {
  kind: 'kill'
  services: string[]
  /** Only these containers, by address; `services` are their services. */
  only?: Address[]
  /** A name, e.g. `SIGHUP`, or a number. */
  signal: string
  /** Also kill orphans. */
  removeOrphans: boolean
}

export interface PauseIntent {
  kind: 'pause' | 'unpause'
  services: string[]
}

/** Remove stopped containers. */
export interface RemoveIntent {
  kind: 'rm'
  services: string[]
  /** Also stop and remove running containers. */
  stop: boolean
  /** With their anonymous volumes. */
  volumes: boolean
  /** Only these containers, by id: those that the user confirmed. */
  only?: string[]
}

export const REMOVE: RemoveIntent = { kind: 'rm', services: [], stop: false, volumes: false }

/** Bring up a service's dependencies, then run a command in one more container of the service. */
export interface RunIntent {
  kind: 'run'
  service: string
  /** How to bring up the dependencies; `services` is ignored. */
  up: UpIntent
  oneOff: OneOff
}

/** Differences from the service's other containers; absent fields: no difference. */
export interface OneOff {
  /** The container's name. */
  name: string
  /** Unique: 64 hexadecimal digits. */
  slug: string
  command?: string[]
  /** Empty: no entrypoint, not even the image's. */
  entrypoint?: string[]
  environment: Record<string, string>
  labels: Record<string, string>
  user?: string
  workingDir?: string
  /** In addition to the service's, or instead of those with the same target. */
  volumes: Mount[]
  ports: Port[] | 'declared'
  capAdd: string[]
  capDrop: string[]
  /** With a terminal. */
  tty: boolean
  /** Whether it gets input. */
  stdin: boolean
  /** The keys that detach in a terminal, e.g. `ctrl-p,ctrl-q`, which is the default. */
  detachKeys?: string
  /** Whether the caller attaches to it. */
  attached: boolean
  /** Whether it has the names and addresses of the service in its networks. */
  useAliases: boolean
  /** Whether the engine removes it once it has ended. */
  autoRemove: boolean
  /** Build its image first. */
  build: boolean
  pull?: string
}
