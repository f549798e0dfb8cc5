import type { Health } from '../../port.ts'

/**
 * Parses health and exit code from the status text of a container list: `Up 5 seconds (health: starting)`, `Up 2 minutes (healthy)`,
 * `Exited (137) 2 minutes ago`, `Restarting (1) 5 seconds ago`. Before API 1.52, lists have them nowhere else.
 */
export function parseStatus(status: string): { health?: Health; exitCode?: number } {
  const health = status.match(/^Up .*\((?:health: )?(starting|healthy|unhealthy)\)$/)?.[1] as Health | undefined
  const exitCode = status.match(/^(?:Exited|Restarting) \((-?\d+)\)/)?.[1]
  return { ...(health ? { health } : {}), ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }) }
}
