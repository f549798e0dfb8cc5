import type { Exit } from '../../logs/follow-options.ts'

/** What is said of a container's end, after its name. */
export function exitText({ code, restarting }: Exit): string {
  return `exited with code ${code ?? 'unknown'}${restarting ? ' (restarting)' : ''}`
}

/** What is said of a container that was to be started again, after its name. */
export const GIVEN_UP = 'is not restarted any more'
