import { get, type MapNode, type Tree } from '../source/tree.ts'
import { impliedDependencies } from './implied.ts'
import { isNull, mapOf, scalarLike, seqLike, textAt, textOf, untagged, withEntries } from './nodes.ts'
import { rewrite } from './rewrite.ts'
import { WITHOUT_ZEROES } from './zeroes.ts'

/** The tree with everything filled in that the format leaves to defaults. Source: compose-go, loader/normalize.go. */
export function applyDefaults(tree: MapNode, name: string): MapNode {
  const services = mapAt(tree, 'services')
  const completed = Object.fromEntries([...services.entries].map(([key, { value }]) => [key, completeService(value)]))
  const filled = withEntries(tree, {
    name: scalarLike(name, get(tree, 'name') ?? tree),
    version: undefined,
    services: withEntries(services, completed),
    networks: withDefaultNetwork(mapAt(tree, 'networks'), Object.values(completed)),
    volumes: mapAt(tree, 'volumes'),
    secrets: mapAt(tree, 'secrets'),
    configs: mapAt(tree, 'configs'),
  })
  const named = RESOURCES.reduce(
    (into, section) => withEntries(into, { [section]: nameAll(mapAt(into, section), name) }),
    filled,
  )
  const result = rewrite(named, WITHOUT_ZEROES, () => undefined)
  return result?.kind === 'map' ? result : named
}

const RESOURCES = ['networks', 'volumes', 'secrets', 'configs'] as const

function mapAt(tree: Tree, key: string): MapNode {
  const node = get(tree, key)
  return node?.kind === 'map' ? node : mapOf({}, node ?? tree)
}

/** Key of the network that a service is on if it says nothing else. */
export const DEFAULT_NETWORK = 'default'

function completeService(value: Tree): MapNode {
  const service = value.kind === 'map' ? value : mapOf({}, value)
  const kept = new Map([...service.entries].filter(([, entry]) => !isNull(entry.value)))
  const written: MapNode = { ...untagged(service), entries: kept }
  const networked = withEntries(written, { networks: networksOf(written) })
  return withEntries(networked, {
    depends_on: dependenciesOf(networked),
    build: buildOf(networked),
    extra_hosts: sorted(get(networked, 'extra_hosts')),
  })
}

function networksOf(service: MapNode): Tree | undefined {
  const own = get(service, 'networks')
  const some = own?.kind === 'map' && own.entries.size > 0
  if (some) return own
  return get(service, 'network_mode') || get(service, 'provider')
    ? undefined
    : mapOf({ [DEFAULT_NETWORK]: null }, service)
}

function dependenciesOf(service: MapNode): Tree | undefined {
  const own = get(service, 'depends_on')
  const implied = impliedDependencies(service)
  if (implied.size === 0) return own
  const explicit = own?.kind === 'map' ? own.entries : []
  return { ...mapOf({}, own ?? service), entries: new Map([...implied, ...explicit]) }
}

function buildOf(service: MapNode): Tree | undefined {
  const build = get(service, 'build')
  if (build?.kind !== 'map' || get(build, 'dockerfile') || get(build, 'dockerfile_inline')) return build
  return withEntries(build, { dockerfile: scalarLike('Dockerfile', build) })
}

function sorted(list: Tree | undefined): Tree | undefined {
  if (list?.kind !== 'seq') return list
  const text = (item: Tree) => (item.kind === 'scalar' ? textOf(item) : '')
  return seqLike(
    [...list.items].sort((a, b) => (text(a) < text(b) ? -1 : 1)),
    list,
  )
}

function withDefaultNetwork(networks: MapNode, services: Tree[]): MapNode {
  const using = services.find((service) => get(get(service, 'networks'), DEFAULT_NETWORK))
  if (!using || networks.entries.has(DEFAULT_NETWORK)) return networks
  return withEntries(networks, { [DEFAULT_NETWORK]: mapOf({}, using) })
}

/** What has no name of its own is called after the project and its key; what is external, after its key alone. */
function nameAll(section: MapNode, project: string): MapNode {
  const named = [...section.entries].map(([key, { value }]): [string, Tree] => {
    const resource = value.kind === 'map' ? value : mapOf({}, value)
    const name = textAt(resource, 'name') || (textAt(resource, 'external') === 'true' ? key : `${project}_${key}`)
    return [key, withEntries(resource, { name: untagged(scalarLike(name, get(resource, 'name') ?? resource)) })]
  })
  return withEntries(section, Object.fromEntries(named))
}
