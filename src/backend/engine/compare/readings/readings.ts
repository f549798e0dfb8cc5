import { limitReadings } from './limits.ts'
import { networkReadings } from './network.ts'
import { processReadings } from './process.ts'
import type { Made, Readings } from './reading.ts'
import { securityReadings } from './security.ts'
import { storageReadings } from './storage.ts'
import { type AttributeValues, present } from './words.ts'

/**
 * Reads each attribute from a create call's body, in the stack file's terms. Applied to both the wanted and the actual container, it
 * yields differences with old and new values. Attributes without a reading are reported by name only.
 */
export const READINGS: Readings = {
  ...processReadings,
  ...networkReadings,
  ...storageReadings,
  ...securityReadings,
  ...limitReadings,
}

/** A container in the stack file's terms, by attribute. */
export function readMade(made: Made): AttributeValues {
  return present(Object.fromEntries(Object.entries(READINGS).map(([key, reading]) => [key, reading(made)])))
}

/** Pairs of attributes that declare the same thing; the second is used if it is the declared one. */
const SECOND_WAYS: Record<string, string> = {
  restart: 'deploy.restart_policy',
  mem_limit: 'deploy.resources.limits.memory',
  mem_reservation: 'deploy.resources.reservations.memory',
  cpus: 'deploy.resources.limits.cpus',
  pids_limit: 'deploy.resources.limits.pids',
  gpus: 'deploy.resources.reservations.devices',
}

/** Keeps, of each such pair, the attribute that is declared. */
export function inOneWay(values: AttributeValues, isDeclared: (path: string) => boolean): AttributeValues {
  const unused = Object.entries(SECOND_WAYS).map(([first, second]) => (isDeclared(second) ? first : second))
  return Object.fromEntries(Object.entries(values).filter(([key]) => !unused.includes(key)))
}

/** The engine merges some attributes into one value, which is read under one of them. */
const READ_AS: Record<string, string> = {
  external_links: 'links',
  use_api_socket: 'volumes',
  credential_spec: 'security_opt',
}

/** The attribute under which a declared path is read: `networks` for `networks.front.aliases`. */
export function attributeOf(path: string): string {
  const parts = path.split('.')
  const starts = parts.map((_, i) => parts.slice(0, parts.length - i).join('.'))
  const [name = ''] = parts
  return starts.find((start) => start in READINGS) ?? READ_AS[name] ?? name
}
