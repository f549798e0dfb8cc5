import type { Engine, ImageSummary } from '../../../docker/port.ts'
import { contentId } from '../../../lockfile/content-id.ts'
import { familiar, findImage } from '../../docker/image-reference.ts'

/** What an engine has for a reference that a lock file pins. */
export interface LockedImage {
  /** The image with the locked content, whatever its names are. */
  id?: string
  /** The content of the image that has the name, if it is another one. */
  other?: string
}

interface Asked {
  engine: Pick<Engine, 'inspectImage'>
  signal: AbortSignal
}

/**
 * Finds the images with locked contents. In the returned list, each of them has the name that the lock file gives its content: an image
 * that was loaded from a file has no digest, and a name may have moved since.
 * @param locked content ids by reference
 */
export async function lockedImages(
  asked: Asked,
  images: readonly ImageSummary[],
  locked: Readonly<Record<string, string>>,
): Promise<{ images: ImageSummary[]; locked: Record<string, LockedImage> }> {
  const contentOf = contents(asked)
  const found: Record<string, LockedImage> = {}
  let listed = [...images]
  for (const [reference, content] of Object.entries(locked)) {
    const named = findImage(images, reference)
    const actual = named && (await contentOf(named.id))
    const id = actual === content ? named?.id : await idOf(content, images, contentOf)
    found[reference] = {
      ...(id !== undefined && { id }),
      ...(actual !== undefined && actual !== content && { other: actual }),
    }
    if (id !== undefined && id !== named?.id) listed = withName(listed, reference, id)
  }
  return { images: listed, locked: found }
}

type ContentOf = (id: string) => Promise<string | undefined>

/** Asks for each image once. */
function contents({ engine, signal }: Asked): ContentOf {
  const known = new Map<string, Promise<string | undefined>>()
  const ask = async (id: string) => {
    const image = await engine.inspectImage(id, signal)
    return image && contentId(image)
  }
  return (id) => {
    const asked = known.get(id) ?? ask(id)
    known.set(id, asked)
    return asked
  }
}

const AT_ONCE = 8

async function idOf(
  content: string,
  images: readonly ImageSummary[],
  contentOf: ContentOf,
): Promise<string | undefined> {
  for (let from = 0; from < images.length; from += AT_ONCE) {
    const some = images.slice(from, from + AT_ONCE)
    const found = await Promise.all(some.map(({ id }) => contentOf(id)))
    const at = found.indexOf(content)
    if (at >= 0) return some[at]?.id
  }
  return undefined
}

function withName(images: readonly ImageSummary[], reference: string, id: string): ImageSummary[] {
  const name = familiar(reference)
  return images.map((image) => {
    const tags = image.tags.filter((tag) => tag !== name)
    return { ...image, tags: image.id === id ? [...tags, name] : tags }
  })
}
