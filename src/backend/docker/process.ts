import type { HealthSpec } from '../../docker/spec.ts'
import type { Healthcheck, Service } from '../../stack/model.ts'
import { milliseconds } from '../../stack/units.ts'

/** `NAME=value` lines, or `NAME` for a variable that is unset; sorted. */
export function environmentOf(environment: NonNullable<Service['environment']>): string[] {
  return Object.keys(environment)
    .sort()
    .map((key) => (environment[key] === null ? key : `${key}=${environment[key]}`))
}

/** Omits fields that are too new for the engine's API version; the planner reports them. */
export function healthSpec(health: Healthcheck, api: number): HealthSpec {
  if (health.disable) return { Test: ['NONE'] }
  const { test, interval, timeout, retries, start_period, start_interval } = health
  return {
    ...(test && { Test: test }),
    ...(interval && { Interval: nanoseconds(interval) }),
    ...(timeout && { Timeout: nanoseconds(timeout) }),
    ...(retries !== undefined && { Retries: retries }),
    ...(start_period && { StartPeriod: nanoseconds(start_period) }),
    ...(start_interval && api >= 144 && { StartInterval: nanoseconds(start_interval) }),
  }
}

function nanoseconds(duration: string): number {
  return Math.round(milliseconds(duration) * 1e6)
}
