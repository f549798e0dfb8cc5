/** Docker's state names; another backend translates its own into them. */
export const CONTAINER_STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const
export type ContainerState = (typeof CONTAINER_STATES)[number]

/** Anything with a state; for a container that does not exist, every predicate is false. */
type Stateful = { readonly state: ContainerState } | undefined

/** Its program runs. */
export function isRunning(container: Stateful): boolean {
  return container?.state === 'running'
}

export function isPaused(container: Stateful): boolean {
  return container?.state === 'paused'
}

/** Its program has ended, and the backend is about to start it again. */
export function isRestarting(container: Stateful): boolean {
  return container?.state === 'restarting'
}

/** It runs, or will run without a further command. */
export function isAlive(container: Stateful): boolean {
  return isRunning(container) || isPaused(container) || isRestarting(container)
}

/** It was never started. */
export function isUnstarted(container: Stateful): boolean {
  return container?.state === 'created'
}

export function hasExited(container: Stateful): boolean {
  return container?.state === 'exited'
}

export function hasSucceeded(container: (Stateful & { readonly exitCode?: number }) | undefined): boolean {
  return hasExited(container) && container?.exitCode === 0
}

export function isBeingRemoved(container: Stateful): boolean {
  return container?.state === 'removing'
}

/** Its removal failed half-way. */
export function isDead(container: Stateful): boolean {
  return container?.state === 'dead'
}

/** It can no longer be used. */
export function isLeaving(container: Stateful): boolean {
  return isBeingRemoved(container) || isDead(container)
}
