/** Where to load from. Nothing is read from the process: the caller hands everything in. */
export interface LoadInput {
  /** Absolute paths, in the order in which they override each other; `-` is standard input. */
  files: string[]
  /** The text of standard input, if `files` names it. */
  stdin?: string
  /** Absolute. Where relative paths start and where `.env` lies; by default the first file's directory. */
  projectDirectory?: string
  /** Absolute. Where the search for files started, if they were searched for: its `.env` counts before the project directory's. */
  startDirectory?: string
  /** `-p`; by default COMPOSE_PROJECT_NAME, then the file's `name`, then the directory's base name. */
  projectName?: string
  /** `--compatibility`; by default COMPOSE_COMPATIBILITY: containers and built images are called as Compose 1 called them. */
  compatibility?: boolean
  profiles: string[]
  /** Services that the user named: their profiles are switched on. */
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

/** What `config` can leave out, to show the files closer to what is written in them. What is left out cannot be planned with. */
export interface LoadOptions {
  /** False: without names, networks and dependencies that no file says. */
  normalize?: boolean
  /** False: paths stay relative to the project directory. */
  resolvePaths?: boolean
  /** False: `env_file` stays, and what is in those files is not read. */
  resolveEnvironment?: boolean
  /** False: what refers to what is not checked. */
  checkConsistency?: boolean
  /** True: remembers what `explain` needs to know. */
  trace?: boolean
  /** True: of named services, those that they depend on are not selected. */
  noDeps?: boolean
  /**
   * Which problems of single services fail loading: those of `selected` services (default; where none are named, all are), none but
   * clashes of `files` with each other and within themselves, or `none`.
   */
  strict?: 'selected' | 'files' | 'none'
}
