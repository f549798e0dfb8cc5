export interface BuildCalls {
  /** POST /build with the context directory sent as a tar stream. */
  buildImage(spec: BuildSpec, options: BuildOptions): Promise<{ imageId: string }>
  /**
   * A source of a build, its Dockerfile or a file of its context, that was changed after a time, in milliseconds since the epoch, and is none
   * of certain absolute paths. Absent if that cannot be determined.
   */
  newerSource?(spec: SourcesSpec, time: number, passedOver: ReadonlySet<string>): Promise<string | undefined>
}

export type SourcesSpec = Pick<BuildSpec, 'context' | 'dockerfile' | 'dockerfileInline'>

export interface BuildSpec {
  /** Absolute path of the context directory, or the URL of a Git repository or an archive, which the engine fetches itself. */
  context: string
  /** Relative to the context, or absolute for one outside it. */
  dockerfile: string
  /** The Dockerfile's text, instead of a file. */
  dockerfileInline?: string
  tags: string[]
  args: Record<string, string | null>
  labels: Record<string, string>
  target?: string
  platform?: string
  network?: string
  cacheFrom: string[]
  extraHosts: string[]
  shmSize?: number
  noCache: boolean
  /** Stages of the Dockerfile that are built without the cache. */
  noCacheFilter?: string[]
  /** Several platforms of one image, in place of `platform`. */
  platforms?: string[]
  /** Where the cache is stored, besides the image. */
  cacheTo?: CacheEntry[]
  /** Caches that are not images. */
  cacheImports?: CacheEntry[]
  /** Privileges of the build: `network.host`, `security.insecure`. */
  entitlements?: string[]
  /** `provenance` and `sbom`, with their parameters. */
  attestations?: Record<string, string>
  pull: boolean
  /** Further contexts by name, for `FROM` and `--from`. */
  contexts?: Record<string, NamedContext>
  /** For `RUN --mount=type=secret`: the id there, and what `BuildOptions.contentOf` knows it by. */
  secrets?: { id: string; content: string }[]
  /** For `RUN --mount=type=ssh`: the id there, and private key files or an agent's socket; without one the user's agent. */
  ssh?: { id: string; paths: string[] }[]
  ulimits?: { Name: string; Soft: number; Hard: number }[]
  isolation?: string
  /** Of the classic builder's containers, in bytes. */
  memory?: number
  /** Records in the image where its layers come from, so that a registry's copy can be a cache (`cache_to: type=inline`). */
  inlineCache?: boolean
  /**
   * The time, in seconds since the epoch, that the image and its files get instead of the time of the build, so that the same sources give
   * the same image.
   */
  repeatable?: number
}

/** `type=registry,ref=NAME,mode=max` (docker buildx build, `--cache-to`). */
export interface CacheEntry {
  type: string
  attributes: Record<string, string>
}

export type NamedContext = { kind: 'directory'; path: string } | { kind: 'image'; reference: string }

export interface BuildOptions {
  signal: AbortSignal
  /** One line of what the build does now, with the step's number and their count where known; `running`: one for each step that runs. */
  onProgress(text: string, done?: number, total?: number, running?: readonly string[]): void
  /** Every line of the build's output, once. */
  onOutput(line: string): void
  /** Called before a failed build throws. */
  onFailed?(failed: FailedStep): void
  /** The content of a secret. */
  contentOf?(key: string): Uint8Array | undefined
  /** Called with what the builder cannot do, in the words of the stack file. */
  onIgnored?(what: string, why: string): void
  /** Called if a repeatable build is asked for, and this builder cannot make one. */
  onUnrepeatable?(why: string): void
}

export interface FailedStep {
  /** The engine's sentence, with the step that failed where the answer names it. */
  sentence: string
  /** Its instruction, on one line: `RUN make all`. */
  step?: string
  /** The last lines of that step's output. */
  log: string[]
  /** Where the instruction stands. */
  source?: { file: string; line: number; text: string }
}
