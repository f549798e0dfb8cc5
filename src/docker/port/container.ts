import type { ContainerSpec } from '../spec.ts'

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
export type Health = 'starting' | 'healthy' | 'unhealthy'

/** A container in a list: without aliases, restart policy and start time. */
export interface ContainerSummary {
  id: string
  /** Without the leading slash. */
  name: string
  image: string
  imageId: string
  command: string
  labels: Record<string, string>
  state: ContainerState
  /** The engine's sentence, e.g. `Up 2 minutes (healthy)`, `Exited (1) 3 seconds ago`. */
  status: string
  /** Taken from the sentence; absent for a container without a health test. */
  health?: Health
  exitCode?: number
  /** Seconds since the epoch. */
  created: number
  networks: Record<string, { networkId: string; ipAddress: string }>
  /** As it was given at creation: a network by name or by id, or `host`, `none`, `container:ID`, `default`. */
  networkMode?: string
  mounts: MountPoint[]
  ports: { hostIp?: string; published?: number; target: number; protocol: string }[]
}

export interface MountPoint {
  type: string
  /** A volume's name; absent for binds and tmpfs. */
  name?: string
  source: string
  target: string
  readOnly: boolean
  /** A volume's, as `local`. */
  driver?: string
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

export interface ContainerDetail {
  id: string
  name: string
  /** The image as it was named at creation, and the id that it had. */
  image: string
  imageId: string
  labels: Record<string, string>
  state: ContainerState
  /** Paused ones run too; one that has ended and is about to be started again does not. */
  running: boolean
  exitCode: number
  oomKilled: boolean
  error: string
  /** RFC 3339; `undefined` if never. */
  startedAt?: string
  finishedAt?: string
  restartCount: number
  health?: { status: Health; failingStreak: number; log: ProbeResult[] }
  /** The create call's body as the engine kept it, image defaults filled in. */
  spec: ContainerSpec
  /** By network name. */
  networks: Record<string, EndpointDetail>
  mounts: MountPoint[]
}

export interface EndpointDetail {
  networkId: string
  endpointId: string
  ipAddress: string
  /** The IPv6 address that it has. */
  globalIpv6?: string
  aliases: string[]
  /** Static addresses as asked for. */
  ipv4?: string
  ipv6?: string
  /** Its address, current or requested. */
  mac?: string
}

export interface ProbeResult {
  /** RFC 3339. */
  start: string
  end: string
  exitCode: number
  output: string
}
