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
}

/** Remembers nothing: for commands that stop nothing. */
export const NO_JOURNAL: Journal = { stopping: () => undefined, stopped: () => undefined, pending: () => [] }
