import type { Tree } from '../yaml/tree.ts'
import { textOf } from './tree/nodes.ts'

/** Attributes whose values are names, or are composed of names. */
const NAMING: ReadonlySet<string> = new Set(
  `aliases container_name domainname driver extends group_add hostname image ipc links name network_mode pid platform profiles
  runtime service tags user volumes_from`.split(/\s+/),
)
const PATHS: ReadonlySet<string> = new Set(
  'context device dockerfile env_file file path source target tmpfs working_dir'.split(' '),
)

/**
 * The names in a stack, the words in them (`postgres` and `16` of an image), and the names that flotilla derives from them
 * (`PROJECT-SERVICE`). Values from secrets are not names.
 */
export function namesIn(tree: Tree): string[] {
  const found: string[] = []
  collect(tree, '', found)
  const section = (name: string) => (tree.kind === 'map' ? tree.entries.get(name)?.value : undefined)
  const name = section('name')
  const services = section('services')
  if (name?.kind !== 'scalar' || services?.kind !== 'map') return found
  const project = textOf(name)
  const made = [...services.entries.keys()].flatMap((service) => [`${project}-${service}`, `${project}_${service}`])
  return [...found, ...made, ...made.map((each) => `${each}_next`)]
}

function collect(node: Tree, key: string, found: string[]): void {
  if (node.kind === 'map') for (const [name, { value }] of node.entries) collect(value, name, found)
  else if (node.kind === 'seq') for (const item of node.items) collect(item, key, found)
  else if (!node.secret && node.value !== null) found.push(...namesOf(key, textOf(node)))
}

function namesOf(key: string, text: string): string[] {
  const parts = text.split(/[^\p{L}\p{N}_.-]+/u).filter((part) => part !== '')
  if (NAMING.has(key)) return [text, ...parts, ...text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')]
  // The surrounding characters distinguish a word in a path from the same word elsewhere.
  return PATHS.has(key) ? [text, ...parts.filter((part) => !/^\p{L}+$/u.test(part))] : []
}
