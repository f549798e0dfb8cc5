import type { ImageDetail } from '../../docker/port.ts'
import { list, mapping, present, type View } from './readings.ts'

/** Image defaults that the engine filled in are nobody's declaration. */
export function withoutDefaults(view: View, image: ImageDetail | undefined): View {
  if (!image) return view
  const defaults = mapping(image.env, '=')
  const environment = Object.entries((view.environment ?? {}) as Record<string, unknown>)
  const own = environment.filter(([key, value]) => defaults[key] !== value)
  const drop = (key: string, value: unknown) => JSON.stringify(view[key]) === JSON.stringify(value)
  const { command, entrypoint, user, ...rest } = view
  return present({
    ...rest,
    environment: own.length > 0 ? Object.fromEntries(own) : undefined,
    labels: withoutLabels(view.labels, image.labels),
    command: drop('command', list(image.cmd)) ? undefined : command,
    entrypoint: drop('entrypoint', list(image.entrypoint)) ? undefined : entrypoint,
    user: drop('user', image.user || undefined) ? undefined : user,
    healthcheck: withoutTestOf(view.healthcheck as View | undefined, image.healthcheck),
  })
}

function withoutLabels(labels: unknown, defaults: Record<string, string>): View | undefined {
  const own = Object.entries((labels ?? {}) as View).filter(([key, value]) => defaults[key] !== value)
  return own.length > 0 ? Object.fromEntries(own) : undefined
}

/** A test that is the image's own is not declared; intervals beside it are. */
function withoutTestOf(health: View | undefined, test: string[] | undefined): View | undefined {
  if (!health || !test || JSON.stringify(health.Test) !== JSON.stringify(test)) return health
  const { Test: _inherited, ...rest } = health
  return Object.keys(rest).length > 0 ? rest : undefined
}
