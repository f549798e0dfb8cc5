import type { ImageDetail } from '../../../docker/port.ts'
import { isMapping } from '../../../util/object.ts'
import { healthView } from './readings/process.ts'
import { list, mapping, present, type View } from './readings/words.ts'

/**
 * What is in force: the image's defaults are filled in where nothing is said, and dropped from lists and mappings, which the engine
 * fills up with them. Applied to what is wanted and to what is kept, only declarations make a difference.
 */
export function withDefaults(view: View, image: ImageDetail): View {
  const entrypoint = view.entrypoint ?? list(image.entrypoint)
  return present({
    ...view,
    environment: without(view.environment, mapping(image.env, '=')),
    labels: without(view.labels, image.labels),
    expose: excluding(
      view.expose,
      image.exposedPorts.map((port) => port.replace(/\/tcp$/, '')),
    ),
    volumes: excluding(view.volumes, image.volumes),
    entrypoint,
    command: view.command ?? (isSame(entrypoint, list(image.entrypoint)) ? list(image.cmd) : undefined),
    user: view.user ?? (image.user || undefined),
    working_dir: view.working_dir ?? image.workingDir ?? '/',
    stop_signal: view.stop_signal ?? image.stopSignal ?? 'SIGTERM',
    healthcheck: healthOf(view.healthcheck as View | undefined, image),
  })
}

/** What an image fills in cannot be told from what was declared where the image is gone: only what is wanted counts. */
export function withinWanted(kept: View, wanted: View): View {
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

function picked(view: View, keys: string[]): View {
  return Object.fromEntries(Object.entries(view).filter(([key]) => keys.includes(key)))
}

function without(view: unknown, defaults: Record<string, string>): View {
  return Object.fromEntries(Object.entries((view ?? {}) as View).filter(([key, value]) => defaults[key] !== value))
}

function excluding(values: unknown, defaults: readonly string[]): unknown {
  return Array.isArray(values) ? list(values.filter((each) => !defaults.includes(each))) : values
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Beside a test of its own the image's intervals do not count; without one they are filled in one by one (moby, daemon/commit.go, merge). */
function healthOf(health: View | undefined, { health: own, healthcheck: test }: ImageDetail): View {
  const defaults = healthView(own ?? (test && { Test: test }))
  if (health?.disable || (health?.test !== undefined && !isSame(health.test, defaults.test))) return health ?? {}
  return { ...defaults, ...health }
}
