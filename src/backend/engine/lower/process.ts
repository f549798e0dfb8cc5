import type { HealthSpec } from '../../../docker/spec.ts'
import type { Healthcheck } from '../../../stack/model.ts'
import { milliseconds } from '../../../stack/units.ts'
import type { Rows } from './row.ts'

/** What runs in the container: command, environment, user, health. */
export const processRows: Rows = {
  command: (value, { spec }) => {
    spec.Cmd = value
  },
  entrypoint: (value, { spec }) => {
    spec.Entrypoint = value
  },
  environment: (value, { spec }) => {
    spec.Env = Object.keys(value)
      .sort()
      .map((key) => (value[key] === null ? key : `${key}=${value[key]}`))
  },
  user: (value, { spec }) => {
    spec.User = value
  },
  working_dir: (value, { spec }) => {
    spec.WorkingDir = value
  },
  hostname: (value, { spec }) => {
    spec.Hostname = value
  },
  domainname: (value, { spec }) => {
    spec.Domainname = value
  },
  tty: (value, { spec }) => {
    spec.Tty = value
  },
  stdin_open: (value, { spec }) => {
    spec.OpenStdin = value
  },
  stop_signal: (value, { spec }) => {
    spec.StopSignal = value
  },
  stop_grace_period: (value, { spec }) => {
    spec.StopTimeout = Math.ceil(milliseconds(value) / 1000)
  },
  init: (value, { host }) => {
    host.Init = value
  },
  healthcheck: (value, { spec }, { api }) => {
    spec.Healthcheck = healthSpec(value, api)
  },
  annotations: (value, { host }, { api }) => {
    if (api >= 143) host.Annotations = value
  },
}

/** What an engine is too old for is left out here, and said by check/since.ts. */
function healthSpec(health: Healthcheck, api: number): HealthSpec {
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
