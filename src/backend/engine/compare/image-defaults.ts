import type { ImageDetail } from '../../../docker/port.ts'
import { isMapping } from '../../../util/object.ts'
import { healthView } from './readings/process.ts'
import { type AttributeValues, list, mapping, present } from './readings/words.ts'

/**
 * The effective values: undeclared attributes get the image's defaults, and lists and mappings lose the defaults that the engine
 * adds to them. If this is applied to both the wanted and the actual values, only declarations differ.
 */
export function withDefaults(values: AttributeValues, image: ImageDetail): AttributeValues {
  const entrypoint = values.entrypoint ?? list(image.entrypoint)
  return present({
    ...values,
    environment: without(values.environment, mapping(image.env, '=')),
    labels: without(values.labels, image.labels),
    expose: excluding(
      values.expose,
      image.exposedPorts.map((port) => port.replace(/\/tcp$/, '')),
    ),
    volumes: excluding(values.volumes, image.volumes),
    entrypoint,
    command: values.command ?? (isSame(entrypoint, list(image.entrypoint)) ? list(image.cmd) : undefined),
    user: values.user ?? (image.user || undefined),
    working_dir: values.working_dir ?? image.workingDir ?? '/',
    stop_signal: values.stop_signal ?? image.stopSignal ?? 'SIGTERM',
    healthcheck: healthOf(values.healthcheck as AttributeValues | undefined, image),
  })
}

/** If the image is gone, its defaults cannot be distinguished from declarations: then only attributes with a wanted value count. */
export function withinWanted(kept: AttributeValues, wanted: AttributeValues): AttributeValues {
  const within = (key: string) => {
    const [from, to] = [kept[key], wanted[key]]
    if (key === 'volumes' && Array.isArray(from)) return from.filter((each) => isNamed(each) || contains(to, each))
    if (key === 'expose' && Array.isArray(from)) return from.filter((each) => contains(to, each))
    return isMapping(from) && isMapping(to) ? picked(from, Object.keys(to)) : to === undefined ? undefined : from
  }
  return present({ ...kept, ...Object.fromEntries(FILLED.map((key) => [key, within(key)])) })
}

const FILLED = [
  ...['environment', 'labels', 'expose', 'volumes', 'entrypoint', 'command'],
  ...['user', 'working_dir', 'stop_signal', 'healthcheck', 'platform'],
]

function isNamed(mount: string): boolean {
  return mount.includes(':')
}

function contains(list: unknown, each: string): boolean {
  return Array.isArray(list) && list.includes(each)
}

function picked(values: AttributeValues, keys: string[]): AttributeValues {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key)))
}

function without(values: unknown, defaults: Record<string, string>): AttributeValues {
  return Object.fromEntries(
    Object.entries((values ?? {}) as AttributeValues).filter(([key, value]) => defaults[key] !== value),
  )
}

function excluding(values: unknown, defaults: readonly string[]): unknown {
  return Array.isArray(values) ? list(values.filter((each) => !defaults.includes(each))) : values
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** If a test is declared, the image's intervals do not count; otherwise each missing one is filled in (moby, daemon/commit.go, merge). */
function healthOf(
  health: AttributeValues | undefined,
  { health: own, healthcheck: test }: ImageDetail,
): AttributeValues {
  const defaults = healthView(own ?? (test && { Test: test }))
  if (health?.disable || (health?.test !== undefined && !isSame(health.test, defaults.test))) return health ?? {}
  return { ...defaults, ...health }
}
