import type { ContainerDetail } from '../../../docker/port.ts'

/** The engine's own (Dockerfile reference, HEALTHCHECK). */
const DEFAULT_RETRIES = 3

/** What the engine no longer tests, during a pause or after an end, it calls `unhealthy` too: failures alone make a verdict. */
export function hasFailedTests({ health, spec }: ContainerDetail): boolean {
  const needed = spec.Healthcheck ? spec.Healthcheck.Retries || DEFAULT_RETRIES : 1
  return (health?.failingStreak ?? 0) >= needed
}
