/** The version of the format. Others are refused. */
export const LOCK_VERSION = 1

/** What a lock file says. Plain JSON data; the order of keys does not matter. */
export interface Lock extends Enforced {
  noted: Noted
}

/** The facts on which `up --locked` insists. */
export interface Enforced {
  /** By the reference in the stack file; `build:SERVICE` for a build that the stack file gives no name. */
  images: Record<string, LockedImage>
  /** The stack without what differs between machines, and without secrets: `services`, `networks`, `volumes`, … */
  stack: Record<string, unknown>
  /** `sha256:…` by path below the project directory. */
  files: Record<string, string>
}

export interface LockedImage {
  content: string
  /** `linux/amd64` */
  platform: string
}

/** Facts that say where a lock comes from; they are allowed to differ. */
export interface Noted {
  flotilla: string
  /** The engine's version. */
  engine?: string
  /** `name@sha256:…`, by reference. */
  digests?: Record<string, string[]>
  /** By service. */
  builds?: Record<string, NotedBuild>
  /** The names of variables that the stack files use. */
  variables?: string[]
  /** Files that may hold secrets, and are therefore not hashed. */
  unhashed?: string[]
}

export interface NotedBuild {
  /** As declared, without secrets. */
  declared: Record<string, unknown>
  /** `sha256:…` over the files of a local context. */
  context?: string
  /** The images that the Dockerfile starts from, in its order. */
  bases?: string[]
}

/** The key of a service's image in a lock. */
export function imageKey(service: string, image: string | undefined): string {
  return image ?? ['build', service].join(':')
}
