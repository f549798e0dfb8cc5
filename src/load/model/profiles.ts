import { get, type MapNode } from '../../yaml/tree.ts'
import type { LoadInput } from '../input.ts'
import { textOf } from '../tree/nodes.ts'
import type { Variables } from '../variable/variables.ts'

/** `--profile`, else COMPOSE_PROFILES, which names the profile without a name if it is not set: `profiles: ["${X:-}"]`. */
export function wantedProfiles({ profiles }: Pick<LoadInput, 'profiles'>, variables: Variables): string[] {
  if (profiles.length > 0) return profiles
  const listed = variables.lookup('COMPOSE_PROFILES')?.value ?? ''
  return listed.split(',').map((name) => name.trim())
}

/**
 * Names of the services that are switched on: without profiles, or with a wanted one. `*` wants all. A service that the user
 * names switches its profiles on, so that what it depends on is there.
 */
export function activeServices(tree: MapNode, profiles: readonly string[], named: readonly string[]): Set<string> {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return new Set()
  const wanted = new Set([...profiles, ...named.flatMap((name) => profilesOf(get(services, name)))])
  const active = [...services.entries].filter(([, { value }]) => {
    const own = profilesOf(value)
    return own.length === 0 || wanted.has('*') || own.some((profile) => wanted.has(profile))
  })
  return new Set(active.map(([name]) => name))
}

export function profilesOf(service: Parameters<typeof get>[0]): string[] {
  const list = get(service, 'profiles')
  return list?.kind === 'seq' ? list.items.flatMap((item) => (item.kind === 'scalar' ? [textOf(item)] : [])) : []
}
