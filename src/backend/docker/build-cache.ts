/** `NAME`, or `type=registry,ref=NAME`; undefined for a cache that is no image. */
export function cacheReference(entry: string): string | undefined {
  if (!entry.includes('=')) return entry
  const fields = new Map(entry.split(',').map(splitOnce))
  return fields.get('type') === 'registry' ? fields.get('ref') : undefined
}

export function isInline(entry: string): boolean {
  return entry.split(',').includes('type=inline')
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
