/** Everything that loading depends on, besides files. Nothing is read from the process. */
export interface LoadInput {
  /** Absolute paths, in the order in which they override each other; `-` is standard input. */
  files: string[]
  /** The text of standard input, if `files` names it. */
  stdin?: string
  /** Absolute. Where relative paths start and where `.env` lies; by default the first file's directory. */
  projectDirectory?: string
  /** Absolute. Where the search for files started, if there was one: its `.env` takes precedence over the project directory's. */
  startDirectory?: string
  /** `-p`; by default COMPOSE_PROJECT_NAME, then the file's `name`, then the directory's base name. */
  projectName?: string
  /** `--compatibility`; by default COMPOSE_COMPATIBILITY: containers and built images are named as in Compose 1. */
  compatibility?: boolean
  profiles: string[]
  /** Services that the user named: their profiles are enabled. */
  named?: string[]
  /** `--env-file`, absolute; by default the project directory's `.env` if there is one. */
  envFiles: string[]
  /** The caller's environment variables: they win over env files. */
  environment: Readonly<Record<string, string | undefined>>
  /** Where relative paths on standard input start, and `~`. */
  workingDirectory: string
  home?: string
  options?: LoadOptions
}

/** Phases that `config` can skip, to show the files closer to how they are written. The result cannot be planned with. */
export interface LoadOptions {
  /** False: default names, networks and dependencies are not added. */
  normalize?: boolean
  /** False: paths stay relative to the project directory. */
  resolvePaths?: boolean
  /** False: `env_file` stays, and those files are not read. */
  resolveEnvironment?: boolean
  /** False: references are not checked. */
  checkConsistency?: boolean
  /** True: remembers what `explain` needs to know. */
  trace?: boolean
  /** True: the dependencies of named services are not selected. */
  noDeps?: boolean
  /**
   * Which problems of single services fail loading: those of `selected` services (default; where none are named, all are), none but
   * clashes of `files` with each other and within themselves, or `none`.
   */
  strict?: 'selected' | 'files' | 'none'
}
