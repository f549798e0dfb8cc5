import type { ExpectedImage } from '../../../backend/transfer.ts'
import type { PackedImage, PackIndex } from '../../../pack/types.ts'
import type { Stack } from '../../../stack/model.ts'
import { imageName } from '../../../stack/names.ts'
import { usedImages } from '../../locking/make-lock.ts'

/**
 * The images of a pack, with those of their names that the stack uses: a pack gives no other names. Images that a stack builds are named
 * by the project, which may have another name here than where it was packed.
 */
export function expectedImages(stack: Stack, index: PackIndex): ExpectedImage[] {
  const services = { ...stack.inactive, ...stack.services }
  const used = new Set(usedImages({ ...stack, services }).map(({ reference }) => reference))
  return index.images.map((image) => {
    const names = [...image.names.filter((name) => used.has(name)), ...builtNames({ ...stack, services }, image, index)]
    return { contentId: image.contentId, tags: [...new Set(names)].sort(), ids: [image.config, image.manifest] }
  })
}

/** The names here of services that declare none, if the image has their name in the packed project. */
function builtNames(stack: Stack, image: PackedImage, { name }: PackIndex): string[] {
  return image.services.flatMap((service) => {
    const spec = stack.services[service]
    const names = [`${name}-${service}`, `${name}_${service}`]
    const isBuilt = spec && spec.image === undefined && image.names.some((each) => names.includes(each))
    return isBuilt ? [imageName(stack, service, spec)] : []
  })
}

/** Names in the pack that no image gets. */
export function unusedNames(expected: readonly ExpectedImage[], { images, name }: PackIndex): string[] {
  const given = new Set(expected.flatMap(({ tags }) => tags))
  const isBuilt = (each: string, { services }: PackedImage) =>
    services.some((service) => [`${name}-${service}`, `${name}_${service}`].includes(each))
  return images.flatMap((image) => image.names.filter((each) => !given.has(each) && !isBuilt(each, image))).sort()
}
