import type { EndpointSpec } from '../docker/spec.ts'

/**
 * What an engine goes on doing when the command that asked for it is killed, and that nothing the engine tells gives away: a
 * container that is being stopped looks like any running one until its grace period is over. Kept outside the process.
 */
export interface Journal {
  /** Noted before the engine is asked; `graceMs` is how long it may take. */
  stopping(container: string, graceMs: number): void
  /** The engine has answered. */
  stopped(container: string): void
  /** What earlier commands asked for and never saw the end of, with the milliseconds for which it can still be under way. */
  pending(): { container: string; remainingMs: number }[]
  /** Which containers still have `post_start` hooks to run; by default none ever has. */
  hooks?: HookJournal
  /** Which containers were taken out of a network to be put back; by default none ever was. */
  networks?: NetworkJournal
}

/** Nothing that the engine tells gives away whether a running container's `post_start` hooks have run. */
export interface HookJournal {
  /** Noted before a container is started (`next` is 0), and after each hook that ended well. */
  due(container: string, next: number): void
  /** All have run, or the container is gone. */
  done(container: string): void
  /** For each container that was started, the first of its hooks that has not run to a good end. */
  pending(): Record<string, number>
}

/** A container that was in a network, by name, and how it was in it. */
export interface Apart {
  container: string
  network: string
  endpoint: EndpointSpec
}

/** Nothing that the engine tells gives away that a container was in a network that is being recreated. */
export interface NetworkJournal {
  /** Noted before it is taken out. */
  left(apart: Apart): void
  /** It is in it again. */
  joined(container: string, network: string): void
  /** The container is gone. */
  gone(container: string): void
  pending(): Apart[]
}

/** Remembers nothing: for commands that stop nothing. */
export const NO_JOURNAL: Journal = { stopping: () => undefined, stopped: () => undefined, pending: () => [] }
