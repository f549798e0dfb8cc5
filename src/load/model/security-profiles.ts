import { fileKey, profileOf } from '../../stack/seccomp.ts'
import { get, type MapNode } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import { textOf } from '../tree/nodes.ts'
import { digestOf, readQuietly } from './contents.ts'

/** SHA-256 (hex) of every seccomp profile that services name and that can be read, keyed `file/PATH`. */
export function profileDigests(tree: MapNode, disk: Disk, directory: string): Record<string, string> {
  const services = get(tree, 'services')
  const paths =
    services?.kind === 'map' ? [...services.entries].flatMap(([, { value }]) => profilesOf(value, directory)) : []
  const digests = [...new Set(paths)].flatMap((path): [string, string][] => {
    const bytes = disk.kind(path) === 'file' ? readQuietly(path, disk) : undefined
    return bytes ? [[fileKey(path), digestOf(bytes)]] : []
  })
  return Object.fromEntries(digests)
}

function profilesOf(service: Parameters<typeof get>[0], directory: string): string[] {
  const options = get(service, 'security_opt')
  const texts = options?.kind === 'seq' ? options.items.map((item) => (item.kind === 'scalar' ? textOf(item) : '')) : []
  return texts.flatMap((text) => profileOf(text, directory) ?? [])
}
