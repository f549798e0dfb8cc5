import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { LogLine } from '../backend/read/logs.ts'
import type { Clock } from '../execute/step-context.ts'
import type { LogCursor } from './cursor.ts'

export interface FollowOptions {
  project: string
  /** The services to follow; undefined: all of the project, including later ones. */
  services: ReadonlySet<string> | undefined
  /** The number of a service's only followed container; all by default. */
  number?: number
  /** Whether to print a service's log, in addition to its ends; true by default. */
  shows?(service: string): boolean
  /** Whether following continues while a container of the service runs; true by default. */
  awaits?(service: string): boolean
  /** Where a container's log starts: at the previous position, or at a time. */
  from(replica: ReplicaRef): Start
  /** Whether to report an end that preceded the following. */
  isNews?(replica: Replica): boolean
  /** The project's events, if they are already subscribed to. */
  changes?: Promise<AsyncIterable<Change>>
  upcoming?: Upcoming
  /** Called in order of time across containers. */
  onLine(replica: ReplicaRef, line: LogLine): void
  /** Called after the last line of that run. */
  onExit(replica: ReplicaRef, exit: Exit): void
  /** Called if a stop prevented a restart that the engine was waiting for. */
  onGivenUp?(replica: ReplicaRef): void
  /** Resolves once no other command is working on the project. */
  atRest?(signal: AbortSignal): Promise<void>
  clock: Clock
}

/** Containers that are still being started when following begins; following does not end before they are up. */
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
  /** Whether the engine restarts it, according to its restart policy. */
  restarting: boolean
}

export type ReplicaRef = Pick<Replica, 'id' | 'service' | 'number'> & { name?: string }
