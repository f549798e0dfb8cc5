import { get, type MapNode } from '../../yaml/tree.ts'
import type { LoadInput } from '../input.ts'
import { textOf } from '../tree/nodes.ts'
import type { Variables } from '../variable/variables.ts'

/** `--profile`, else COMPOSE_PROFILES. An unset COMPOSE_PROFILES selects the profile with an empty name: `profiles: ["${X:-}"]`. */
export function wantedProfiles({ profiles }: Pick<LoadInput, 'profiles'>, variables: Variables): string[] {
  if (profiles.length > 0) return profiles
  const listed = variables.lookup('COMPOSE_PROFILES')?.value ?? ''
  return listed.split(',').map((name) => name.trim())
}

/**
 * The names of active services: those without profiles, or with a selected one. `*` selects all. A service that the user names also
 * activates its profiles, so that its dependencies are active.
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
