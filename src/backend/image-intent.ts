/** Intents that only change images: containers and the desired state stay the same. */
export type ImageIntent = PullIntent | PushIntent | BuildIntent

interface OfServices {
  /** Empty: every active service. */
  services: string[]
  /** Also what the named services depend on. */
  dependencies: boolean
}

export interface PullIntent extends OfServices {
  kind: 'pull'
  /** Leave out images that the stack says how to build. */
  ignoreBuildable: boolean
  /** Report a failed pull as a warning. */
  ignoreFailures: boolean
  /** Overrides every `pull_policy`. */
  policy?: 'missing' | 'always'
}

export interface PushIntent extends OfServices {
  kind: 'push'
  /** Report a failed push as a warning. */
  ignoreFailures: boolean
}

export interface BuildIntent extends OfServices {
  kind: 'build'
  /** Also push what was built. */
  push: boolean
  choices: BuildChoices
}

/** Build options of the command line, which add to the declaration. */
export interface BuildChoices {
  /** Additional build arguments; they override declared ones. */
  args?: Record<string, string>
  noCache?: true
  pull?: true
  /** The time of the image and its files, in seconds since the epoch (SOURCE_DATE_EPOCH). */
  repeatable?: number
  /** In bytes; only the classic builder supports a limit. */
  memory?: number
  /** As `build.provenance` and `build.sbom`; for builders that write attestations. */
  provenance?: string
  sbom?: string
  /** `default`, or `ID=PATH[,PATH]`, in addition to the declared ones. */
  ssh?: string[]
}

/** Whether an intent changes images alone. */
export function isAboutImages({ kind }: { kind: string }): boolean {
  return kind === 'pull' || kind === 'push' || kind === 'build'
}
