import { dependenciesOf, spacesOf } from '../stack/dependencies.ts'
import type { Service, Stack } from '../stack/model.ts'

/** Whether a service goes along with one of those that are found already. */
type Joins = (service: Service, found: ReadonlySet<string>) => boolean

/** The services that declare to be restarted with one of these, or with what is restarted with them. */
export function followersOf(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, follows)
}

/** The services that share namespaces or volumes with one of these, or with what shares theirs. */
export function guestsOf(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, livesIn)
}

/** The services whose containers an `up` restarts or recreates because it does so with one of these. */
export function affectedBy(stack: Stack, names: Iterable<string>): string[] {
  return closureOf(stack, names, (service, found) => follows(service, found) || livesIn(service, found))
}

/** Whether it shares namespaces or volumes with another service, of whichever they are. */
export function isEntangled({ services }: Stack, name: string): boolean {
  const shares = spacesOf(services[name] ?? {}).length > 0
  return shares || Object.values(services).some((service) => spacesOf(service).includes(name))
}

const follows: Joins = (service, found) =>
  dependenciesOf(service).some((edge) => edge.restart && found.has(edge.service))

const livesIn: Joins = (service, found) => spacesOf(service).some((host) => found.has(host))

/** Without the services that the search starts from. */
function closureOf({ services }: Stack, names: Iterable<string>, joins: Joins): string[] {
  const given = new Set(names)
  const found = new Set(given)
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const [name, service] of Object.entries(services)) if (joins(service, found)) found.add(name)
  }
  return [...found].filter((name) => !given.has(name))
}
