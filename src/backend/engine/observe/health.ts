import type { ContainerDetail } from '../../../docker/port.ts'

/** The engine's default (Dockerfile reference, HEALTHCHECK). */
const DEFAULT_RETRIES = 3

/**
 * The engine also reports `unhealthy` for a container that it no longer tests, during a pause or after its end: only failed tests
 * count.
 */
export function hasFailedTests({ health, spec }: ContainerDetail): boolean {
  const needed = spec.Healthcheck ? spec.Healthcheck.Retries || DEFAULT_RETRIES : 1
  return (health?.failingStreak ?? 0) >= needed
}
