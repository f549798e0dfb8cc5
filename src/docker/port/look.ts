/** What containers run and use. */
export interface LookCalls {
  /** GET /containers/{id}/top: its processes, as `ps` of the engine's machine lists them. Refused for one that does not run. */
  processes(id: string, signal?: AbortSignal): Promise<ProcessList>
  /** GET /containers/{id}/stats: every second, or one sample about a second from now. One that does not run uses nothing. */
  stats(id: string, options: { stream: boolean }, signal: AbortSignal): AsyncIterable<StatsSample>
}

export interface ProcessList {
  titles: string[]
  /** A text for each title. */
  processes: string[][]
}

/** What a container has used since its start. Processor time in nanoseconds, everything else in bytes. */
export interface StatsSample {
  cpu: CpuTime
  /** A second before; zero in the first sample of a stream. */
  cpuBefore: CpuTime
  /** How many processors there are. */
  cpus: number
  /** With the cache of files that were not read lately taken off. */
  memory: number
  memoryLimit: number
  /** Of all networks. */
  received: number
  sent: number
  read: number
  written: number
  processes: number
}

/** Of the container, and of the whole machine. */
export interface CpuTime {
  own: number
  all: number
}
