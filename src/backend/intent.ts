import type { Address } from '../stack/address.ts'
import type { Mount, Port } from '../stack/model.ts'

/** What the user asked for, as data. Durations are milliseconds. */
export interface UpIntent {
  kind: 'up'
  /** Empty: every active service. */
  services: string[]
  build: boolean
  noBuild: boolean
  forceRecreate: boolean
  /** Recreate what the named services depend on even if nothing changed. */
  recreateDependencies?: boolean
  noRecreate: boolean
  removeOrphans: boolean
  /** Orphans are not mentioned. */
  ignoreOrphans?: true
  /** Take the services alone, without what they depend on. */
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
  /** Go on with a project that was brought up from another directory; its containers are recreated. */
  takeOver?: boolean
  /** How many containers a service is to have, by its name, instead of what it declares. */
  scale?: Record<string, number>
  /** Create the networks and volumes too that no service uses. */
  allResources?: boolean
}

export interface DownIntent {
  kind: 'down'
  /** Empty: the whole project with its networks. */
  services: string[]
  volumes: boolean
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

/** Stop, and keep everything: also what Ctrl-C does to an attached `up`. Empty: every active service, here and below. */
export interface StopIntent {
  kind: 'stop'
  services: string[]
  /** At most these containers, by address; `services` are theirs. */
  only?: Address[]
  timeout?: number
}

/** Start what was created before, with what it depends on. */
export interface StartIntent {
  kind: 'start'
  services: string[]
  /** Wait until the services are running or healthy. */
  wait: boolean
  waitTimeout?: number
}

/** Stop and start again, with the dependents that declare to be restarted too. */
export interface RestartIntent {
  kind: 'restart'
  services: string[]
  /** Without these dependents. */
  noDeps: boolean
  timeout?: number
}

export interface KillIntent {
  kind: 'kill'
  services: string[]
  /** At most these containers, by address; `services` are theirs. */
  only?: Address[]
  /** By name, e.g. `SIGHUP`, or number. */
  signal: string
  /** Kill containers of services that the stack no longer declares too. */
  removeOrphans: boolean
}

export interface PauseIntent {
  kind: 'pause' | 'unpause'
  services: string[]
}

/** Remove containers that do not run. */
export interface RemoveIntent {
  kind: 'rm'
  services: string[]
  /** Stop those that run, and remove them too. */
  stop: boolean
  /** With their anonymous volumes. */
  volumes: boolean
  /** At most these containers, by id: those that the user was asked about. */
  only?: string[]
}

export const REMOVE: RemoveIntent = { kind: 'rm', services: [], stop: false, volumes: false }

/** One more container of a service, for a command of its own, once what the service depends on is up. */
export interface RunIntent {
  kind: 'run'
  service: string
  /** How what it depends on is brought up; `services` counts for nothing. */
  up: UpIntent
  oneOff: OneOff
}

/** How it differs from the service's other containers; absent: as they are. */
export interface OneOff {
  /** Of the container. */
  name: string
  /** Tells it from all others: 64 hexadecimal digits. */
  slug: string
  command?: string[]
  /** Empty: none, not even the image's. */
  entrypoint?: string[]
  environment: Record<string, string>
  labels: Record<string, string>
  user?: string
  workingDir?: string
  /** Beside those of the service, or in their place where the target is the same. */
  volumes: Mount[]
  ports: Port[] | 'declared'
  capAdd: string[]
  capDrop: string[]
  /** In a terminal. */
  tty: boolean
  /** Whether it is given input. */
  stdin: boolean
  /** Whether somebody is going to talk to it. */
  attached: boolean
  /** Whether it has the names and addresses of the service in its networks. */
  useAliases: boolean
  /** Whether the engine removes it once it has ended. */
  autoRemove: boolean
  /** Of its own image. */
  build: boolean
  pull?: string
}
