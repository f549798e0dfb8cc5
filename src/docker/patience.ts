import { type Checked, checked, failed } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import type { Patience } from './adapter/http/silence.ts'

/** The last two come from docker-compose 1. */
const VARIABLES = ['FLOTILLA_ENGINE_TIMEOUT', 'COMPOSE_HTTP_TIMEOUT', 'DOCKER_CLIENT_TIMEOUT']
const DEFAULT_MS = 60_000
/** About a day; longer values count as no limit. */
const LONGEST_S = 100_000

/** How long an engine may be silent, according to the user's environment; 0 means no limit. */
export function patienceOf(env: Record<string, string | undefined>): Checked<Patience> {
  const name = VARIABLES.find((each) => env[each])
  const value = name && env[name]?.trim()
  if (!value) return checked<Patience>({ limit: DEFAULT_MS, strict: false }, [])
  if (!/^\d+(\.\d+)?$/.test(value)) {
    const hint = 'use a number of seconds, or 0 for no limit'
    return failed(error('usage', `${name} is "${value.slice(0, 40)}"`, { hint }))
  }
  const seconds = Number(value)
  return checked<Patience>({ strict: true, ...(seconds > 0 && seconds <= LONGEST_S && { limit: seconds * 1000 }) }, [])
}
