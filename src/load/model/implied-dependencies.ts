import { type Entry, get, type MapNode, type ScalarNode, type Tree } from '../../yaml/tree.ts'
import { mapOf, textOf } from '../tree/nodes.ts'

/** A reference to a service other than by `depends_on`, with its place. */
export interface Mention {
  service: string
  /** The attribute, e.g. `links`. */
  from: string
  node: ScalarNode
}

const NAMESPACES = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'] as const

/** Services whose links, volumes or namespaces a canonical service uses. */
export function mentions(service: MapNode): Mention[] {
  const found: Mention[] = []
  for (const item of itemsOf(service, 'links')) add(found, 'links', item, linked)
  for (const from of NAMESPACES) {
    const node = get(service, from)
    if (node) add(found, from, node, (text) => (text.startsWith('service:') ? text.slice(8) : undefined))
  }
  for (const item of itemsOf(service, 'volumes_from'))
    add(found, 'volumes_from', item, (text) => (text.startsWith('container:') ? undefined : text.split(':')[0]))
  return found
}

/** The `depends_on` entries for these references; the first reference to a service decides. */
export function impliedDependencies(service: MapNode): Map<string, Entry> {
  const found = new Map<string, Entry>()
  for (const { service: name, from, node } of mentions(service)) {
    if (found.has(name)) continue
    const restart = from === 'volumes_from' ? undefined : true
    found.set(name, { keyAt: node.at, value: mapOf({ condition: 'service_started', restart, required: true }, node) })
  }
  return found
}

function add(found: Mention[], from: string, node: Tree, nameIn: (text: string) => string | undefined): void {
  const service = node.kind === 'scalar' ? nameIn(textOf(node)) : undefined
  if (node.kind === 'scalar' && service !== undefined) found.push({ service, from, node })
}

/** A link names a service, optionally followed by its alias in the container. */
function linked(text: string): string {
  const [service = '', ...alias] = text.split(':')
  return alias.length > 1 ? text : service
}

function itemsOf(service: MapNode, key: string): readonly Tree[] {
  const list = get(service, key)
  return list?.kind === 'seq' ? list.items : NONE
}

const NONE: readonly Tree[] = []
