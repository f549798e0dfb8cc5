/** The facts that commands show about images, volumes and processes. */
export interface LookReader {
  /** An image by name or id; undefined if there is none. */
  image(reference: string, signal: AbortSignal): Promise<ImageFacts | undefined>
  /** An image by its content id (lockfile/content-id.ts), whatever its names are; asks for every image. */
  imageWithContent(content: string, signal: AbortSignal): Promise<ImageFacts | undefined>
  /** The volumes of a project, sorted by name. */
  volumes(project: string, signal: AbortSignal): Promise<VolumeFacts[]>
  /** The processes in a running container. */
  processes(id: string, signal: AbortSignal): Promise<Processes>
  /** A container's resource usage: every second, or once, after about a second. */
  usage(id: string, options: { stream: boolean }, signal: AbortSignal): AsyncIterable<Usage>
}

export interface ImageFacts {
  id: string
  os: string
  architecture: string
  variant?: string
  /** Bytes. */
  size: number
  /** RFC 3339. */
  created?: string
  /** When the image last received a name, RFC 3339. */
  tagged?: string
  /** `name@sha256:…`, one for each registry that it came from. */
  digests: readonly string[]
  /** The digests of the uncompressed layers, the lowest first. */
  layers: readonly string[]
  /** With the keys of the OCI image configuration. */
  config: Readonly<Record<string, unknown>>
}

export interface VolumeFacts {
  name: string
  driver: string
  labels: Readonly<Record<string, string>>
  mountpoint: string
  scope: string
}

/** A table with one text per title. */
interface Processes {
  titles: string[]
  processes: string[][]
}

/** Except for CPU time, all values are bytes since the container's start. */
export interface Usage {
  /** Percent of one processor in the last second; 0 in a stream's first sample. */
  cpuPercent: number
  memory: number
  memoryLimit: number
  received: number
  sent: number
  read: number
  written: number
  processes: number
}
