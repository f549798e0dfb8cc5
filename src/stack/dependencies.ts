import type { Condition, Service } from './model.ts'

export interface DependencyEdge {
  service: string
  condition: Condition
  required: boolean
  restart: boolean
  /** The attribute: `depends_on`, `links`, `network_mode`, `volumes_from`, `ipc`, `pid`. */
  from: string
}

/** Every service that must exist first, either explicitly or due to a shared namespace, volume or link; sorted by name. */
export function dependenciesOf(service: Service): DependencyEdge[] {
  const explicit = Object.entries(service.depends_on ?? {}).map(([name, dependency]) => ({
    service: name,
    condition: dependency.condition,
    required: dependency.required,
    restart: dependency.restart ?? false,
    from: 'depends_on',
  }))
  const named = new Set(explicit.map((edge) => edge.service))
  const all = [...explicit, ...impliedBy(service).filter((edge) => !named.has(edge.service))]
  return all.sort((a, b) => (a.service < b.service ? -1 : 1))
}

function impliedBy(service: Service): DependencyEdge[] {
  const spaces = (['network_mode', 'ipc', 'pid'] as const).flatMap((key) => {
    const value = service[key]
    return value?.startsWith('service:') ? [{ from: key, service: value.slice('service:'.length) }] : []
  })
  const links = linksOf(service).map((name) => ({ from: 'links', service: name }))
  const mounts = (service.volumes_from ?? [])
    .filter((source) => !source.startsWith('container:'))
    .map((source) => ({ from: 'volumes_from', service: source.split(':')[0] ?? '' }))
  const seen = new Set<string>()
  return [...spaces, ...mounts, ...links]
    .filter(({ service: name }) => !seen.has(name) && seen.add(name))
    .map((edge) => ({ ...edge, condition: 'service_started' as const, required: true, restart: edge.from !== 'links' }))
}

/** The services whose namespaces or volumes a service shares: its containers cannot outlive theirs. Sorted. */
export function spacesOf(service: Service): string[] {
  const { volumes_from = [] } = service
  const volumes = volumes_from.filter((each) => !each.startsWith('container:')).map((each) => each.split(':')[0] ?? '')
  return [...new Set([...namespacesOf(service), ...volumes])].sort()
}

/** The services whose namespaces a service shares: each run of their containers creates new ones. */
export function namespacesOf({ network_mode, ipc, pid }: Service): string[] {
  return [network_mode, ipc, pid].flatMap((mode) =>
    mode?.startsWith('service:') ? [mode.slice('service:'.length)] : [],
  )
}

export function linksOf({ links = [] }: Service): string[] {
  return links.map((link) => link.split(':')[0] ?? '')
}
