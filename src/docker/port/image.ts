import type { HealthSpec } from '../spec.ts'

export interface ImageCalls {
  /** GET /images/json */
  listImages(signal?: AbortSignal): Promise<ImageSummary[]>
  /** GET /images/{name}/json */
  inspectImage(reference: string, signal?: AbortSignal): Promise<ImageDetail | undefined>
  /** POST /images/{name}/tag. A name that the image has already is no error: the time of its last tagging is renewed. */
  tagImage(image: string, reference: string): Promise<void>
  /** DELETE /images/{name}; a tag is only taken off while the image has others. One that is gone is no error. */
  removeImage(reference: string): Promise<void>
}

/** Images to and from registries. */
export interface TransferCalls {
  /** POST /images/create, with the credentials of the user's Docker configuration. */
  pullImage(reference: string, options: PullOptions): Promise<void>
  /** POST /images/{name}/push, with the credentials of the user's Docker configuration. */
  pushImage(reference: string, options: PushOptions): Promise<void>
  /**
   * GET /distribution/{name}/json, with the credentials of the user's Docker configuration: the digest (`sha256:…`) that the
   * image's registry has under that name now.
   */
  registryDigest(reference: string, signal?: AbortSignal): Promise<string>
}

export interface CommitCalls {
  /** POST /commit: an image of a container's file system. Resolves to its id. */
  commitContainer(id: string, options: CommitOptions, signal: AbortSignal): Promise<string>
}

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
  /** The digests of the uncompressed layers, the lowest first. */
  layers: string[]
  /** As the engine reports it, with the keys of the OCI image configuration and, from older engines, those of containers. */
  config: Record<string, unknown>
}

export interface PullOptions {
  platform?: string
  signal: AbortSignal
  /** Bytes over all layers, as far as known. */
  onProgress(text: string, done?: number, total?: number): void
}

export type PushOptions = Omit<PullOptions, 'platform'>

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
