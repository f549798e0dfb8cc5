import type { EndpointSpec } from '../docker/spec.ts'

/**
 * Requests that an engine continues after the command that made them was killed. The engine's answers do not show them: a container
 * that is being stopped looks like any running one until its grace period is over. Kept outside the process.
 */
export interface Journal {
  /** Recorded before the request; `graceMs` is how long it may take. */
  stopping(container: string, graceMs: number): void
  /** The engine has answered. */
  stopped(container: string): void
  /** Stops that earlier commands requested and did not see completed, with the milliseconds for which they can still be in progress. */
  pending(): { container: string; remainingMs: number }[]
  /** Creations and removals that were requested of the engine; by default none is recorded. */
  creations?: CreationJournal
  /** Containers with `post_start` hooks still to run; by default none. */
  hooks?: HookJournal
  /** Containers that were disconnected from a network to be reconnected; by default none. */
  networks?: NetworkJournal
}

/** A creation that was requested of an engine, by name; `removal` is a container to be removed, by id. */
export interface Creation {
  kind: 'container' | 'network' | 'volume' | 'removal'
  name: string
}

/** An engine completes a creation or a removal even after its client has gone, and its lists do not show the result until then. */
export interface CreationJournal {
  /** Recorded before the engine is asked. */
  requested(creation: Creation): void
  /** The engine has answered. */
  answered(creation: Creation): void
  /** Creations without an answer, with the milliseconds for which they can still be in progress. */
  pending(): (Creation & { remainingMs: number })[]
}

/** The engine does not show whether a running container's `post_start` hooks have run. */
export interface HookJournal {
  /** Recorded before a container is started (`next` is 0), and after each hook that succeeded. */
  due(container: string, next: number): void
  /** All have run, or the container is gone. */
  done(container: string): void
  /** For each container that was started, the first of its hooks that has not succeeded. */
  pending(): Record<string, number>
}

/** A container that was connected to a network, by name, and how it was connected. */
export interface Apart {
  container: string
  network: string
  endpoint: EndpointSpec
}

/** The engine does not show that a container was connected to a network that is being recreated. */
export interface NetworkJournal {
  /** Recorded before the disconnection. */
  left(apart: Apart): void
  /** The container is connected again. */
  joined(container: string, network: string): void
  gone(container: string): void
  pending(): Apart[]
}

/** Records nothing: for commands that stop nothing. */
export const NO_JOURNAL: Journal = { stopping: () => undefined, stopped: () => undefined, pending: () => [] }
