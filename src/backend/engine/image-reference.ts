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
  return images.find(
    (image) =>
      image.tags.includes(wanted) ||
      image.id === reference ||
      (byDigest !== undefined && image.digests.some((digest) => familiar(digest) === byDigest)),
  )
}

/** As `findImage`, for many references: the list is gone through once. */
export function imageFinder(images: readonly ImageSummary[]): (reference: string) => ImageSummary | undefined {
  const byName = new Map<string, ImageSummary>()
  for (const image of [...images].reverse())
    for (const name of [image.id, ...image.digests.map(familiar), ...image.tags]) byName.set(name, image)
  return (reference) => {
    const wanted = familiar(reference)
    const byDigest = wanted.includes('@') ? byName.get(wanted.replace(/:[^/@]+@/, '@')) : undefined
    return byName.get(wanted) ?? byName.get(reference) ?? byDigest
  }
}
