import type { ImageSummary } from '../../docker/port.ts'

/**
 * The form in which an engine lists a reference: `nginx` becomes `nginx:latest`, `docker.io/library/nginx:1` becomes `nginx:1`.
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

/** Whether a reference can be an image id or its prefix. A name may consist of such digits too, and takes precedence over an id. */
export function mayBeId(reference: string): boolean {
  return ID.test(reference)
}

/** Whether a reference can only be an id and never a name in a registry. */
export function isId(reference: string): boolean {
  return /^(sha256:[0-9a-f]{7,64}|[0-9a-f]{64})$/.test(reference)
}

/** Engines accept a prefix of any length; seven digits, as in git, are the shortest that people copy. */
const ID = /^(?:sha256:)?([0-9a-f]{7,64})$/

/** The image whose id has this prefix, if there is exactly one. */
function withId(images: readonly ImageSummary[], reference: string): ImageSummary | undefined {
  const digits = ID.exec(reference)?.[1]
  if (digits === undefined) return undefined
  const [found, ...others] = images.filter(({ id }) => id.startsWith(`sha256:${digits}`))
  return others.length === 0 ? found : undefined
}

/** Does the same as `findImage` for many references, with a single pass over the list. */
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
