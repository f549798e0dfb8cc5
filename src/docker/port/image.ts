import type { HealthSpec } from '../spec.ts'

export type SourcesSpec = Pick<BuildSpec, 'context' | 'dockerfile' | 'dockerfileInline'>

export interface ImageSummary {
  id: string
  labels: Record<string, string>
  tags: string[]
  digests: string[]
}

export interface ImageDetail {
  id: string
  tags: string[]
  /** `name@sha256:…`, one for each registry that it came from. */
  digests: string[]
  /** Mount points that the image declares as volumes. */
  volumes: string[]
  /** `5432/tcp`, … */
  exposedPorts: string[]
  env: string[]
  entrypoint: string[]
  cmd: string[]
  user: string
  healthcheck?: string[]
  /** The whole of it, where intervals are set too. */
  health?: HealthSpec
  workingDir?: string
  stopSignal?: string
  labels: Record<string, string>
  os: string
  architecture: string
  /** Of the processor, as `v8`. */
  variant?: string
  /** Bytes. */
  size: number
  /** RFC 3339; absent if the image does not say it. */
  created?: string
  /** When a name was last given to it, RFC 3339; absent if the engine does not report it, as for images that were only pulled. */
  tagged?: string
}

export interface PullOptions {
  platform?: string
  signal: AbortSignal
  /** Bytes over all layers, as far as known. */
  onProgress(text: string, done?: number, total?: number): void
}

export type PushOptions = Omit<PullOptions, 'platform'>

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

export interface CommitOptions {
  /** Absent: the image has no name. */
  repository?: string
  tag?: string
  author?: string
  comment?: string
  /** Instructions of a Dockerfile. */
  changes: string[]
  /** Whether the container stands still meanwhile. */
  pause: boolean
}
