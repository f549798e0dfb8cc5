import { splitOnce } from '../../util/text.ts'
/** The image of a cache entry: `NAME`, or `type=registry,ref=NAME`; undefined for a cache that is not an image. */
export function cacheReference(entry: string): string | undefined {
  if (!entry.includes('=')) return entry
  const fields = new Map(entry.split(',').map((each) => splitOnce(each, '=')))
  return fields.get('type') === 'registry' ? fields.get('ref') : undefined
}

export function isInline(entry: string): boolean {
  return entry.split(',').includes('type=inline')
}
