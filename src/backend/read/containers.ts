import type { Origin } from '../../stack/model.ts'
import type { ContainerState } from '../state.ts'

export interface ContainerReader {
  /**
   * Every container of a project, sorted by service and number. One call; needs no stack file. `verdicts` adds one call for each
   * unhealthy container: without failed tests, e.g. after a pause, it counts as starting. `settled` adds one call for each container
   * that has just started, and another list if one has ended: otherwise the list may show it as running while the backend processes
   * the end.
   */
  list(project: string, options: ListOptions, signal: AbortSignal): Promise<Replica[]>
  /** The same with more details; without a name, of all projects. One call. */
  details(project: string | undefined, options: { all: boolean }, signal: AbortSignal): Promise<ReplicaDetails[]>
  /** Resolves once the backend has finished its current operation on the container, e.g. a start; at once if there is none. */
  settled(id: string, signal: AbortSignal): Promise<void>
  /** The container's environment as `NAME=value` lines, image defaults included. */
  environment(id: string, signal: AbortSignal): Promise<string[]>
  /** The container's command without secrets; `undefined` if the container is gone. */
  openCommand(id: string, signal: AbortSignal): Promise<string | undefined>
}

interface ListOptions {
  all: boolean
  verdicts?: true
  settled?: true
}

export interface Replica {
  id: string
  name: string
  service: string
  number: number
  oneoff: boolean
  image: string
  state: ContainerState
  /** The engine's status text, e.g. `Up 2 minutes (healthy)`. */
  status: string
  health?: 'starting' | 'healthy' | 'unhealthy'
  exitCode?: number
  command: string
  /** Seconds since the epoch. */
  created: number
  ports: PublishedPort[]
  origin: Origin
  /** The container is the new one of a replacement under way. */
  replacing: boolean
  /** Whether its command or environment may contain secret values; undefined if unknown. */
  hasSecrets?: boolean
}

export interface ReplicaDetails extends Replica {
  project: string
  /** The id of the image that it was created from, even if the name now refers to another image. */
  imageId: string
  labels: Readonly<Record<string, string>>
  /** Names, sorted. */
  networks: string[]
  /** A volume's name, or else the source; in the backend's order. */
  mounts: { name: string; volume?: string; isLocal: boolean }[]
  /** The engine that runs it, if Compose's label names one. */
  engine?: string
}

export interface PublishedPort {
  /** Absent if the port is exposed but not published. */
  hostIp?: string
  published?: number
  target: number
  protocol: string
}
