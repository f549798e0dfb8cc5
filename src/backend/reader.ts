import type { Clock } from '../execute/step-context.ts'
import type { Origin, Stack } from '../stack/model.ts'
import type { ExecRequest, Session } from './session.ts'
import type { ContainerState } from './state.ts'

/** What `ps`, `logs`, `endpoints` and attached `up` read, and `exec` talks to. Backend-neutral, plain data but for sessions. */
export interface Reader {
  /**
   * Every container of a project, in order of service and number. One call; needs no stack file. With `verdicts`, one more for each that
   * is unhealthy: if no failed tests stand behind that, as after a pause, it counts as starting.
   */
  list(project: string, options: { all: boolean; verdicts?: true }, signal: AbortSignal): Promise<Replica[]>
  /** Log lines in order, following if asked. Ends when the container ends (unless following a restart) or the signal aborts. */
  logs(id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogLine>
  /** Starts, ends and health changes of a project's containers from now on; resolved once the subscription stands. */
  changes(project: string, signal: AbortSignal): Promise<AsyncIterable<Change>>
  /**
   * What an engine still remembers of such changes up to a time, in milliseconds since the epoch, each with its own: some of the latest
   * at best, so that it tells what happened, but never what did not.
   */
  remembered(project: string, until: number, signal: AbortSignal): Promise<(Change & { at: number })[]>
  /** The ids of containers that run in the namespaces of another container's earlier run. Asks only where services share such. */
  cutOff(stack: Stack, signal: AbortSignal): Promise<string[]>
  /** Resolves once the engine is through with what it does to the container, a start for instance; at once where there is no such container. */
  settled(id: string, signal: AbortSignal): Promise<void>
  /** A command in a container that runs, attached to. */
  exec(id: string, request: ExecRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Session>
  /** A command in a container that runs, left to itself. */
  execDetached(id: string, request: ExecRequest, signal: AbortSignal): Promise<void>
  /** The container's environment as `NAME=value` lines, image defaults included. */
  environment(id: string, signal: AbortSignal): Promise<string[]>
  /** The container's command as it may be shown: without what it took in of secrets. `undefined` where the container is gone. */
  openCommand(id: string, signal: AbortSignal): Promise<string | undefined>
  /** The digest (`sha256:…`) of an image in its registry. Throws StackError, with the reason, where none is to be had. */
  digestOf(image: string, signal: AbortSignal): Promise<string>
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

export interface PublishedPort {
  /** Absent where the port is only exposed. */
  hostIp?: string
  published?: number
  target: number
  protocol: string
}

export interface LogOptions {
  follow: boolean
  /** Number of lines from the end; absent: all. */
  tail?: number
  timestamps: boolean
  since?: string
  until?: string
}

export interface LogLine {
  stream: 'stdout' | 'stderr'
  text: string
  /** RFC 3339 with nanoseconds, when asked for. */
  time?: string
}

export interface Change {
  id: string
  service: string
  number: number
  oneoff: boolean
  action: 'start' | 'die' | 'health' | 'destroy' | 'create' | 'stop' | 'kill' | 'oom'
  exitCode?: number
  /** Of a `kill`: a number, or a name such as `KILL`. */
  signal?: string
  health?: 'healthy' | 'unhealthy' | 'starting'
}
