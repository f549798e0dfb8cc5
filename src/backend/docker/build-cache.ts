import type { CacheEntry } from '../../docker/port.ts'
import { splitOnce } from '../../util/text.ts'

/** The image of a cache entry: `NAME`, or `type=registry,ref=NAME`; undefined for a cache that is not an image. */
export function cacheReference(entry: string): string | undefined {
  if (!entry.includes('=')) return entry
  const fields = new Map(entry.split(',').map((each) => splitOnce(each, '=')))
  return fields.get('type') === 'registry' ? fields.get('ref') : undefined
}

/** An entry that BuildKit reads or writes itself; empty for one out of the engine's reach. */
export function cacheEntry(entry: string): CacheEntry[] {
  const { type = '', ...attributes } = Object.fromEntries(entry.split(',').map((each) => splitOnce(each, '=')))
  return type === '' || isOutOfReach(entry) ? [] : [{ type, attributes }]
}

export function isInline(entry: string): boolean {
  return entry.split(',').includes('type=inline')
}

/** In a folder of this machine, which no engine can reach, or in a job of GitHub, whose variables name the place. */
export function isOutOfReach(entry: string): boolean {
  return ['type=local', 'type=gha'].some((type) => entry.split(',').includes(type))
}
