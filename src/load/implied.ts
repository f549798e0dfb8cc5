import { type Entry, get, type MapNode, type ScalarNode } from '../source/tree.ts'
import { mapOf, textOf } from './nodes.ts'

/** A service that is named by something other than `depends_on`, and where. */
export interface Mention {
  service: string
  /** The attribute, e.g. `links`. */
  from: string
  node: ScalarNode
}

const NAMESPACES = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'] as const

/** Services whose links, volumes or namespaces a canonical service uses. */
export function mentions(service: MapNode): Mention[] {
  const spaces = NAMESPACES.flatMap((from) =>
    named(get(service, from), from, (text) => (text.startsWith('service:') ? text.slice(8) : undefined)),
  )
  const links = itemsOf(service, 'links').flatMap((item) => named(item, 'links', (text) => text.split(':')[0]))
  const mounts = itemsOf(service, 'volumes_from').flatMap((item) =>
    named(item, 'volumes_from', (text) => (text.startsWith('container:') ? undefined : text.split(':')[0])),
  )
  return [...links, ...spaces, ...mounts]
}

/** Entries of `depends_on` for them, the first mention of a service deciding. */
export function impliedDependencies(service: MapNode): Map<string, Entry> {
  const found = new Map<string, Entry>()
  for (const { service: name, from, node } of mentions(service)) {
    if (found.has(name)) continue
    const restart = from === 'volumes_from' ? undefined : true
    found.set(name, { keyAt: node.at, value: mapOf({ condition: 'service_started', restart, required: true }, node) })
  }
  return found
}

function named(node: ReturnType<typeof get>, from: string, nameIn: (text: string) => string | undefined): Mention[] {
  if (node?.kind !== 'scalar') return []
  const service = nameIn(textOf(node))
  return service === undefined ? [] : [{ service, from, node }]
}

function itemsOf(service: MapNode, key: string) {
  const list = get(service, key)
  return list?.kind === 'seq' ? list.items : []
}
