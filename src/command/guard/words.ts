import type { Trouble } from '../../guard/trouble.ts'
import { nameOf } from '../../guard/will.ts'

/** What is the matter with a container: `web-1 exited with code 1`. */
export function troubleWords(trouble: Trouble): string {
  const name = nameOf(trouble)
  switch (trouble.kind) {
    case 'missing':
      return `${name} is gone`
    case 'unstarted':
      return `${name} was created and does not run`
    case 'ended':
      return trouble.exitCode === undefined ? `${name} has ended` : `${name} exited with code ${trouble.exitCode}`
    case 'unhealthy':
      return `${name} is unhealthy`
    case 'cut-off':
      return `${name} is cut off: the container in whose namespaces it lives was started after it`
  }
}

export const REMEDIES: Readonly<Record<Trouble['kind'], string>> = {
  missing: 'creating it again',
  unstarted: 'starting it',
  ended: 'starting it again',
  unhealthy: 'restarting it',
  'cut-off': 'creating it again in there',
}

/** `4 s`. */
export function inSeconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`
}
