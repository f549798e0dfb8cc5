import { dependenciesOf, spacesOf } from '../stack/dependencies.ts'
import type { Service, Stack } from '../stack/model.ts'

/** Whether a service is affected by one of those already found. */
type Joins = (service: Service, found: ReadonlySet<string>) => boolean

/** The services that declare to be restarted with one of these, directly or indirectly. */
export function followersOf(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, follows)
}

/** The services that share namespaces or volumes with one of these, directly or indirectly. */
export function guestsOf(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, livesIn)
}

/** The services whose containers an `up` restarts or recreates along with those of these services. */
export function affectedBy(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, (service, found) => follows(service, found) || livesIn(service, found))
}

/** Whether it shares namespaces or volumes with another service, as host or as guest. */
export function isEntangled({ services }: Stack, name: string): boolean {
  const shares = spacesOf(services[name] ?? {}).length > 0
  return shares || Object.values(services).some((service) => spacesOf(service).includes(name))
}

const follows: Joins = (service, found) =>
  dependenciesOf(service).some((edge) => edge.restart && found.has(edge.service))

const livesIn: Joins = (service, found) => spacesOf(service).some((host) => found.has(host))

/** Excludes the services from which the search starts. */
function closureOf({ services }: Stack, names: Iterable<string>, joins: Joins): string[] {
  const given = new Set(names)
  const found = new Set(given)
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const [name, service] of Object.entries(services)) if (joins(service, found)) found.add(name)
  }
  return [...found].filter((name) => !given.has(name))
}
