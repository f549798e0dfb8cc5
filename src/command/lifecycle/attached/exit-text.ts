import type { Exit } from '../../../logs/follow-options.ts'

/** The message about a container's end, after its name. */
export function exitText({ code, restarting }: Exit): string {
  return `exited with code ${code ?? 'unknown'}${restarting ? ' (restarting)' : ''}`
}

/** The message about a container that the engine has stopped restarting, after its name. */
export const GIVEN_UP = 'is no longer restarted'
