import type { Service, Stack } from '../../stack/model.ts'
import { get, type MapNode, put, type Tree } from '../../yaml/tree.ts'

/**
 * Converts a canonical tree to the model. Validation and the canonical form guarantee its shape, so this is where plain data becomes
 * typed. Keys are sorted: the model never depends on the order in a file.
 */
export function decode(
  tree: MapNode,
  active: ReadonlySet<string>,
  facts: Pick<Stack, 'origin' | 'digests' | 'separator' | 'defaultPlatform'>,
): Stack {
  const services = Object.entries(section<Service>(tree, 'services'))
  return {
    name: String(plain(get(tree, 'name') ?? tree)),
    services: Object.fromEntries(services.filter(([name]) => active.has(name))),
    inactive: Object.fromEntries(services.filter(([name]) => !active.has(name))),
    networks: section(tree, 'networks'),
    volumes: section(tree, 'volumes'),
    secrets: section(tree, 'secrets'),
    configs: section(tree, 'configs'),
    ...(get(tree, 'models')?.kind === 'map' && { models: section(tree, 'models') }),
    ...facts,
  }
}

function section<T>(tree: MapNode, key: string): Record<string, T> {
  const node = get(tree, key)
  return (node?.kind === 'map' ? plain(node) : {}) as Record<string, T>
}

/** Plain data with sorted keys. */
function plain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'seq') return tree.items.map(plain)
  const data: Record<string, unknown> = {}
  for (const key of [...tree.entries.keys()].sort()) put(data, key, plain(tree.entries.get(key)?.value ?? tree))
  return data
}
