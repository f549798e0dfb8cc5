/** What commands show of images, volumes and processes. */
export interface LookReader {
  /** An image by name or id; undefined if there is none. */
  image(reference: string, signal: AbortSignal): Promise<ImageFacts | undefined>
  /** The volumes of a project, in order of their names. */
  volumes(project: string, signal: AbortSignal): Promise<VolumeFacts[]>
  /** The processes in a container that runs. */
  processes(id: string, signal: AbortSignal): Promise<Processes>
  /** What a container uses: every second, or once, about a second from now. */
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
  /** When a name was last given to it, RFC 3339. */
  tagged?: string
}

export interface VolumeFacts {
  name: string
  driver: string
  labels: Readonly<Record<string, string>>
  mountpoint: string
  scope: string
}

/** A table: a text for each title. */
export interface Processes {
  titles: string[]
  processes: string[][]
}

/** Everything but processor time is in bytes, since the container's start. */
export interface Usage {
  /** Of one processor, in the last second; 0 in the first sample of a stream. */
  cpuPercent: number
  memory: number
  memoryLimit: number
  received: number
  sent: number
  read: number
  written: number
  processes: number
}
