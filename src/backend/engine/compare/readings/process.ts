import type { HealthSpec } from '../../../../docker/spec.ts'
import type { Readings } from './reading.ts'
import { type AttributeValues, duration, list, mapping, number, present } from './words.ts'

/** The program in the container: command, environment, user, health. */
export const processReadings: Readings = {
  image: ({ spec }) => spec.Image,
  container_name: ({ name }) => name,
  platform: ({ platform }) => platform,
  command: ({ spec }) => list(spec.Cmd),
  entrypoint: ({ spec }) => list(spec.Entrypoint),
  environment: ({ spec }) => mapping(spec.Env, '='),
  labels: ({ spec }) => ownLabels(spec.Labels),
  annotations: ({ spec }) => spec.HostConfig.Annotations,
  user: ({ spec }) => spec.User || undefined,
  working_dir: ({ spec }) => spec.WorkingDir || undefined,
  hostname: ({ spec }) => spec.Hostname || undefined,
  domainname: ({ spec }) => spec.Domainname || undefined,
  tty: ({ spec }) => spec.Tty || undefined,
  stdin_open: ({ spec }) => spec.OpenStdin || undefined,
  stop_signal: ({ spec }) => spec.StopSignal || undefined,
  init: ({ spec }) => spec.HostConfig.Init || undefined,
  healthcheck: ({ spec }) => healthView(spec.Healthcheck),
}

/** Prefixes of labels that tools set: they are not declarations. */
const TOOLS = ['com.docker.compose.', 'io.flotilla.', 'desktop.docker.io/']

function ownLabels(labels: Record<string, string> | null | undefined): AttributeValues {
  return Object.fromEntries(
    Object.entries(labels ?? {}).filter(([key]) => !TOOLS.some((prefix) => key.startsWith(prefix))),
  )
}

export function healthView(health: HealthSpec | null | undefined): AttributeValues {
  if (health?.Test?.[0] === 'NONE') return { disable: true }
  return present({
    test: list(health?.Test),
    interval: duration(health?.Interval),
    timeout: duration(health?.Timeout),
    retries: number(health?.Retries),
    start_period: duration(health?.StartPeriod),
    start_interval: duration(health?.StartInterval),
  })
}
