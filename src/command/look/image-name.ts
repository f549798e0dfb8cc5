import { familiar, isId } from '../../backend/docker/image-reference.ts'
import { splitOnce } from '../../util/text.ts'

/** Splits an image's name as `docker images` does; an image without a name has neither part, one with a digest has no tag. */
export function nameParts(reference: string): { repository: string; tag: string } {
  if (isId(reference)) return { repository: '', tag: '' }
  const name = familiar(reference)
  const [named, digest] = splitOnce(name, '@')
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/')
  return {
    repository: tagged ? named.slice(0, colon) : named,
    tag: tagged && digest === '' ? named.slice(colon + 1) : '',
  }
}
