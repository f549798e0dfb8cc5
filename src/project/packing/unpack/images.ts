import type { ExpectedImage, ImageContent, ImageTransfer } from '../../../backend/transfer.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { contentId } from '../../../lockfile/content-id.ts'
import type { PackIndex, VerifiedPack } from '../../../pack/types.ts'

const contentIdOf = (image: ImageContent) => contentId(image)

export interface ImageOptions {
  replaceTags: boolean
  signal: AbortSignal
}

/** Throws a StackError if the images are of another platform, or if a name belongs to another image and must not move. */
export async function checkImages(images: ImageTransfer, index: PackIndex, options: ImageOptions): Promise<void> {
  if (index.images.length === 0) return
  const { signal } = options
  const platform = await images.platform(signal)
  if (platform !== index.platform) throw new StackError([otherPlatform(index.platform, platform)])
  if (options.replaceTags) return
  const moved = await images.moved(expectedOf(index), { contentIdOf, signal })
  if (moved.length > 0) throw new StackError(moved.map(nameTaken))
}

function otherPlatform(packed: string, own: string) {
  const hint = 'unpack it on a machine of that platform; the files alone come out with tar xf'
  return error('unpack-failed', `the images of the pack are for ${packed}, and the engine runs ${own}`, { hint })
}

function nameTaken(name: string) {
  const hint = '--replace-tags gives the name to the image of the pack; the other image stays, without this name'
  return error('foreign-resource', `${name} is another image here than in the pack`, { hint })
}

function expectedOf({ images }: PackIndex): ExpectedImage[] {
  return images.map(({ contentId: id, names, config, manifest }) => ({
    contentId: id,
    tags: names,
    ids: [config, manifest],
  }))
}

/** Image ids of the engine, by content id. */
export type ImageIds = ReadonlyMap<string, string>

/** Loads the images that are not there, compares their content, and gives them their names. */
export async function loadImages(images: ImageTransfer, pack: VerifiedPack, signal: AbortSignal): Promise<ImageIds> {
  if (pack.index.images.length === 0) return new Map()
  const archiveOf = (missing: readonly ExpectedImage[]) => pack.images(missing.map(({ contentId: id }) => id))
  return images.in(archiveOf, expectedOf(pack.index), { contentIdOf, signal })
}
