import type { Checked } from '../diagnostics/checked.ts'

/** All inputs of loading besides files. Loading reads nothing from the process. */
export interface LoadInput {
  /** Absolute paths; later files override earlier ones; `-` is standard input. */
  files: string[]
  /** The text of standard input, if `files` names it. */
  stdin?: string
  /** Absolute. The base of relative paths and the location of `.env`; by default the first file's directory. */
  projectDirectory?: string
  /** Absolute. Where the search for files started, if there was one: its `.env` takes precedence over the project directory's. */
  startDirectory?: string
  /** Absolute; for a stack from elsewhere: the project has its base name by default, and its `.env`, instead of the project directory's. */
  callerDirectory?: string
  /** `-p`; by default COMPOSE_PROJECT_NAME, then the file's `name`, then the directory's base name. */
  projectName?: string
  /** `--compatibility`; by default COMPOSE_COMPATIBILITY: containers and built images are named as in Compose 1. */
  compatibility?: boolean
  profiles: string[]
  /** Services that the user named: their profiles are enabled. */
  named?: string[]
  /** `--env-file`, absolute; by default the project directory's `.env` if there is one. */
  envFiles: string[]
  /** The caller's environment variables: they override env files. */
  environment: Readonly<Record<string, string | undefined>>
  /** The base of relative paths on standard input. */
  workingDirectory: string
  home?: string
  /** Stack files in other places that these name; by default none is known. */
  remotes?: RemoteFiles
  options?: LoadOptions
}

/** Stack files that are not on this machine's disk. Loading fetches nothing: the project fetches them, and loads again. */
export interface RemoteFiles {
  /** The absolute path to which a reference was fetched, or why it was not. Undefined if nobody has tried yet. */
  find(reference: string): Checked<string> | undefined
  /** Whether a file was fetched. */
  has(file: string): boolean
}

/** Phases that `config` can skip, to show the files closer to how they are written. The result cannot be planned with. */
export interface LoadOptions {
  /** False: default names, networks and dependencies are not added. */
  normalize?: boolean
  /** False: paths stay relative to the project directory. */
  resolvePaths?: boolean
  /** False: keep `env_file` and do not read those files. */
  resolveEnvironment?: boolean
  /** False: references are not checked. */
  checkConsistency?: boolean
  /** True: record the data for `explain`. */
  trace?: boolean
  /** True: the dependencies of named services are not selected. */
  noDeps?: boolean
  /**
   * Which problems of single services fail loading: `selected` (the default): those of selected services, or of all if none are
   * named; `files`: only conflicts within and between the files; `none`.
   */
  strict?: 'selected' | 'files' | 'none'
}
