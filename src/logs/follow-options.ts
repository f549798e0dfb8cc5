import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { LogLine } from '../backend/read/logs.ts'
import type { Clock } from '../execute/step-context.ts'
import type { LogCursor } from './cursor.ts'

export interface FollowOptions {
  project: string
  /** The services to follow; undefined: all of the project, those yet to come included. */
  services: ReadonlySet<string> | undefined
  /** Whether the log of a service is wanted, rather than its ends alone; by default all are. */
  shows?(service: string): boolean
  /** Whether following goes on for as long as a container of the service runs; by default it does for all. */
  awaits?(service: string): boolean
  /** The first log line wanted of a container: where printing got to before, or a time. */
  from(replica: ReplicaRef): Start
  /** Whether to tell of an end that came before following began. */
  isNews?(replica: Replica): boolean
  /** What happens to the project's containers, where somebody listens already. */
  changes?: Promise<AsyncIterable<Change>>
  upcoming?: Upcoming
  /** Told in order of time, those of different containers too. */
  onLine(replica: ReplicaRef, line: LogLine): void
  /** Told after the last line of that run. */
  onExit(replica: ReplicaRef, exit: Exit): void
  /** Told where the engine was about to start a container again, until somebody stopped that. */
  onGivenUp?(replica: ReplicaRef): void
  /** Resolves once no other command works on the project. */
  atRest?(signal: AbortSignal): Promise<void>
  clock: Clock
}

/** What is still being brought up when following begins, which does not end before that has. */
export interface Upcoming {
  /** Resolves once it is through. */
  over: Promise<void>
  /** Whether a container that runs is to be followed before that: rather than one that is about to be stopped or replaced. */
  includes(replica: ReplicaRef): boolean
}

export interface Start {
  position?: LogCursor
  since?: string
}

export interface Exit {
  /** Undefined where the container is gone. */
  code: number | undefined
  /** The engine starts it again, as its restart policy says. */
  restarting: boolean
}

export type ReplicaRef = Pick<Replica, 'id' | 'service' | 'number'>
