import type { ImageSummary } from '../../docker/port.ts'

/**
 * The form in which an engine lists a reference: `nginx` is `nginx:latest`, `docker.io/library/nginx:1` is `nginx:1`.
 * Source: distribution/reference, "familiar" names.
 */
export function familiar(reference: string): string {
  const short = reference.replace(/^(index\.)?docker\.io\//, '').replace(/^library\/(?=[^/]+$)/, '')
  if (short.includes('@')) return short
  return short.lastIndexOf(':') > short.lastIndexOf('/') ? short : `${short}:latest`
}

/** The local image that a reference stands for, if there is one. */
export function findImage(images: readonly ImageSummary[], reference: string): ImageSummary | undefined {
  const wanted = familiar(reference)
  const byDigest = wanted.includes('@') ? wanted.replace(/:[^/@]+@/, '@') : undefined
  const named = images.find(
    (image) =>
      image.tags.includes(wanted) ||
      image.id === reference ||
      (byDigest !== undefined && image.digests.some((digest) => familiar(digest) === byDigest)),
  )
  return named ?? withId(images, reference)
}

/** Whether a reference can be the id of an image, or its beginning. A name of such digits is one too, and wins over an id. */
export function mayBeId(reference: string): boolean {
  return ID.test(reference)
}

/** Whether a reference is an id and can be no name: no registry has such. */
export function isId(reference: string): boolean {
  return /^(sha256:[0-9a-f]{7,64}|[0-9a-f]{64})$/.test(reference)
}

/** Engines take any beginning; git's seven digits are the shortest that people copy. */
const ID = /^(?:sha256:)?([0-9a-f]{7,64})$/

/** The one image whose id begins so. */
function withId(images: readonly ImageSummary[], reference: string): ImageSummary | undefined {
  const digits = ID.exec(reference)?.[1]
  if (digits === undefined) return undefined
  const [found, ...others] = images.filter(({ id }) => id.startsWith(`sha256:${digits}`))
  return others.length === 0 ? found : undefined
}

/** As `findImage`, for many references: the list is gone through once. */
export function imageFinder(images: readonly ImageSummary[]): (reference: string) => ImageSummary | undefined {
  const byName = new Map<string, ImageSummary>()
  for (const image of [...images].reverse())
    for (const name of [image.id, ...image.digests.map(familiar), ...image.tags]) byName.set(name, image)
  return (reference) => {
    const wanted = familiar(reference)
    const byDigest = wanted.includes('@') ? byName.get(wanted.replace(/:[^/@]+@/, '@')) : undefined
    return byName.get(wanted) ?? byName.get(reference) ?? byDigest ?? withId(images, reference)
  }
}
