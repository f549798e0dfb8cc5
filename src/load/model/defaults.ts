import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import type { LoadOptions } from '../input.ts'
import { isNull, mapOf, scalarLike, seqLike, textAt, textOf, untagged, withEntries } from '../tree/nodes.ts'
import { type Rules, rewrite } from '../tree/rewrite.ts'
import { impliedDependencies } from './implied-dependencies.ts'
import { withoutZeroValues } from './zero-values.ts'

/**
 * Adds all defaults of the format to a tree or, without normalization, only the project's name and every section. Source:
 * compose-go, loader/normalize.go.
 */
export function applyDefaults(
  tree: MapNode,
  name: string,
  { normalize }: Pick<LoadOptions, 'normalize'> = {},
): MapNode {
  const normal = normalize === false ? asDeclared(withSections(tree, name)) : withDefaults(tree, name)
  const result = rewrite(withoutZeroValues(normal), SORTED_HOSTS, () => undefined)
  return result?.kind === 'map' ? result : normal
}

/** Without null values: null keys of services are removed, null resources become empty mappings. */
function asDeclared(tree: MapNode): MapNode {
  const emptied = RESOURCES.map((section) => [section, eachOf(mapAt(tree, section), mapFrom)] as const)
  return withEntries(eachService(tree, writtenService), Object.fromEntries(emptied))
}

function withSections(tree: MapNode, name: string): MapNode {
  return withEntries(tree, {
    name: scalarLike(name, get(tree, 'name') ?? tree),
    version: undefined,
    services: mapAt(tree, 'services'),
    networks: mapAt(tree, 'networks'),
    volumes: mapAt(tree, 'volumes'),
    secrets: mapAt(tree, 'secrets'),
    configs: mapAt(tree, 'configs'),
  })
}

/** Defaults without the removal of zero values. */
export function withDefaults(tree: MapNode, name: string): MapNode {
  const completed = eachService(withSections(tree, name), completeService)
  const networks = withDefaultNetwork(mapAt(tree, 'networks'), mapAt(completed, 'services').entries)
  return RESOURCES.reduce(
    (into, section) => withEntries(into, { [section]: nameAll(mapAt(into, section), name) }),
    withEntries(completed, { networks }),
  )
}

function eachService(tree: MapNode, change: (service: Tree) => MapNode): MapNode {
  return withEntries(tree, { services: eachOf(mapAt(tree, 'services'), change) })
}

function eachOf(section: MapNode, change: (value: Tree) => MapNode): MapNode {
  const entries: MapNode['entries'] = new Map()
  for (const [key, { keyAt, value }] of section.entries) entries.set(key, { keyAt, value: change(value) })
  return { ...section, entries }
}

function mapFrom(value: Tree): MapNode {
  return value.kind === 'map' ? value : mapOf({}, value)
}

const RESOURCES = ['networks', 'volumes', 'secrets', 'configs'] as const

function mapAt(tree: Tree, key: string): MapNode {
  const node = get(tree, key)
  return node?.kind === 'map' ? node : mapOf({}, node ?? tree)
}

/** The key of a service's default network. */
const DEFAULT_NETWORK = 'default'

/** A service without null keys. */
function writtenService(value: Tree): MapNode {
  const service = mapFrom(value)
  const entries: MapNode['entries'] = new Map()
  for (const [key, entry] of service.entries) if (!isNull(entry.value)) entries.set(key, entry)
  return { ...untagged(service), entries }
}

function completeService(value: Tree): MapNode {
  const written = writtenService(value)
  return withEntries(written, {
    networks: networksOf(written),
    depends_on: dependenciesOf(written),
    build: buildOf(written),
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

/** The order of hosts has no meaning. */
const SORTED_HOSTS: Rules = { 'services.*.{build.extra_hosts,extra_hosts}': (list) => sorted(list) }

function sorted(list: Tree): Tree | undefined {
  if (list.kind !== 'seq') return list
  if (list.items.length === 0) return undefined
  const text = (item: Tree) => (item.kind === 'scalar' ? textOf(item) : '')
  return seqLike(
    [...list.items].sort((a, b) => (text(a) < text(b) ? -1 : 1)),
    list,
  )
}

function withDefaultNetwork(networks: MapNode, services: MapNode['entries']): MapNode {
  if (networks.entries.has(DEFAULT_NETWORK)) return networks
  for (const { value } of services.values()) {
    const used = get(get(value, 'networks'), DEFAULT_NETWORK)
    if (used) return withEntries(networks, { [DEFAULT_NETWORK]: mapOf({}, value) })
  }
  return networks
}

/** A resource's default name is PROJECT_KEY; for external resources, the key alone. */
function nameAll(section: MapNode, project: string): MapNode {
  const named = [...section.entries].map(([key, { value }]): [string, Tree] => {
    const resource = mapFrom(value)
    const name = textAt(resource, 'name') || (textAt(resource, 'external') === 'true' ? key : `${project}_${key}`)
    return [key, withEntries(resource, { name: untagged(scalarLike(name, get(resource, 'name') ?? resource)) })]
  })
  return withEntries(section, Object.fromEntries(named))
}
