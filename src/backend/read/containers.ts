import type { Origin } from '../../stack/model.ts'
import type { ContainerState } from '../state.ts'

export interface ContainerReader {
  /**
   * Every container of a project, in order of service and number. One call; needs no stack file. With `verdicts`, one more for each that
   * is unhealthy: if no failed tests stand behind that, as after a pause, it counts as starting. With `settled`, one more for each that has
   * just started, and once more the list if one has ended: otherwise the backend may list it as running while it handles the end.
   */
  list(project: string, options: ListOptions, signal: AbortSignal): Promise<Replica[]>
  /** The same with more of each, of all projects where none is named. One call. */
  details(project: string | undefined, options: { all: boolean }, signal: AbortSignal): Promise<ReplicaDetails[]>
  /** Resolves once the backend has finished what it is doing to the container, a start for instance; at once if there is none. */
  settled(id: string, signal: AbortSignal): Promise<void>
  /** The container's environment as `NAME=value` lines, image defaults included. */
  environment(id: string, signal: AbortSignal): Promise<string[]>
  /** The container's command without the secrets in it. `undefined` if the container is gone. */
  openCommand(id: string, signal: AbortSignal): Promise<string | undefined>
}

export interface ListOptions {
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
  /** The engine's sentence: `Up 2 minutes (healthy)`. */
  status: string
  health?: 'starting' | 'healthy' | 'unhealthy'
  exitCode?: number
  command: string
  /** Seconds since the epoch. */
  created: number
  ports: PublishedPort[]
  origin: Origin
  /** It was created to take the place of another container, and that is under way. */
  replacing: boolean
  /** Whether its command or environment may hold values that are secret; undefined where nothing says so. */
  hasSecrets?: boolean
}

export interface ReplicaDetails extends Replica {
  project: string
  /** Of the image that it was created from, whatever has its name by now. */
  imageId: string
  labels: Readonly<Record<string, string>>
  /** Names, in order. */
  networks: string[]
  /** A volume's name, else where it comes from; in the order of the backend. */
  mounts: { name: string; volume?: string; isLocal: boolean }[]
  /** Where the label of Compose names the engine that runs it. */
  engine?: string
}

export interface PublishedPort {
  /** Absent where the port is only exposed. */
  hostIp?: string
  published?: number
  target: number
  protocol: string
}
