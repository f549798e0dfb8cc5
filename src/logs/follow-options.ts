import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { LogLine } from '../backend/read/logs.ts'
import type { Clock } from '../execute/step-context.ts'
import type { LogCursor } from './cursor.ts'

export interface FollowOptions {
  project: string
  /** The services to follow; undefined: all of the project, later ones included. */
  services: ReadonlySet<string> | undefined
  /** Of the only container of a service that is followed; by default all are. */
  number?: number
  /** Whether the log of a service is printed, and not only its ends; by default all are. */
  shows?(service: string): boolean
  /** Whether following continues while a container of the service runs; by default yes. */
  awaits?(service: string): boolean
  /** The first log line wanted of a container: where printing got to before, or a time. */
  from(replica: ReplicaRef): Start
  /** Whether to report an end from before following started. */
  isNews?(replica: Replica): boolean
  /** The project's events, if they are already subscribed to. */
  changes?: Promise<AsyncIterable<Change>>
  upcoming?: Upcoming
  /** Called in order of time across containers. */
  onLine(replica: ReplicaRef, line: LogLine): void
  /** Called after the last line of that run. */
  onExit(replica: ReplicaRef, exit: Exit): void
  /** Called if the engine was about to restart a container, and a stop prevented that. */
  onGivenUp?(replica: ReplicaRef): void
  /** Resolves once no other command is working on the project. */
  atRest?(signal: AbortSignal): Promise<void>
  clock: Clock
}

/** Containers that are still being brought up when following starts; following does not end before they are up. */
export interface Upcoming {
  /** Resolves once they are up. */
  over: Promise<void>
  /** Whether to follow a running container before that; not if it is about to be stopped or replaced. */
  includes(replica: ReplicaRef): boolean
}

export interface Start {
  position?: LogCursor
  since?: string
}

export interface Exit {
  /** Undefined if the container is gone. */
  code: number | undefined
  /** The engine restarts it, according to its restart policy. */
  restarting: boolean
}

export type ReplicaRef = Pick<Replica, 'id' | 'service' | 'number'> & { name?: string }
