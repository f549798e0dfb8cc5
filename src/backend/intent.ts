/** What the user asked for, as data. Durations are milliseconds. */
export interface UpIntent {
  kind: 'up'
  /** Empty: every active service. */
  services: string[]
  build: boolean
  noBuild: boolean
  forceRecreate: boolean
  noRecreate: boolean
  removeOrphans: boolean
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
}

export interface DownIntent {
  kind: 'down'
  /** Empty: the whole project with its networks. */
  services: string[]
  volumes: boolean
  removeOrphans: boolean
  timeout?: number
}

export type Intent = UpIntent | DownIntent | StopIntent

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

/** Stop, and keep everything: what Ctrl-C does to an attached `up`. */
export interface StopIntent {
  kind: 'stop'
  services: string[]
  timeout?: number
}
