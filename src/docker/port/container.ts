import type { ContainerSpec } from '../spec.ts'
import type { Filter } from './filter.ts'

export interface ContainerCalls {
  /** GET /containers/json?all=true */
  listContainers(filter: Filter, signal?: AbortSignal): Promise<ContainerSummary[]>
  /** GET /containers/{id}/json */
  inspectContainer(id: string, signal?: AbortSignal): Promise<ContainerDetail | undefined>
  /** POST /containers/create */
  createContainer(name: string, spec: ContainerSpec, platform?: string): Promise<{ id: string; warnings: string[] }>
  /** POST /containers/{id}/start; starting a running one is no error. */
  startContainer(id: string): Promise<void>
  /** POST /containers/{id}/stop; grace in seconds. Stopping a stopped one is no error. */
  stopContainer(id: string, options: { grace?: number }): Promise<void>
  /** POST /containers/{id}/kill */
  killContainer(id: string, signal: string): Promise<void>
  /** POST /containers/{id}/pause; refused for one that is paused already, or does not run. */
  pauseContainer(id: string): Promise<void>
  /** POST /containers/{id}/unpause; refused for one that is not paused. */
  unpauseContainer(id: string): Promise<void>
  /** DELETE /containers/{id}; `volumes` also deletes its anonymous volumes. One that is gone, or going, is no error. */
  removeContainer(id: string, options: { force: boolean; volumes: boolean }): Promise<void>
  /** POST /containers/{id}/rename */
  renameContainer(id: string, name: string): Promise<void>
  /** POST /containers/{id}/update */
  setRestartPolicy(id: string, policy: { name: string; maximumRetryCount?: number }): Promise<void>
}

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
