import type { ExpectedImage, ImageContent, ImageTransfer } from '../../../backend/transfer.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { contentId } from '../../../lockfile/content-id.ts'
import type { PackIndex, VerifiedPack } from '../../../pack/types.ts'

const contentIdOf = (image: ImageContent) => contentId(image)

/** Throws a StackError if the images are of another platform. */
export async function checkPlatform(images: ImageTransfer, index: PackIndex, signal: AbortSignal): Promise<void> {
  if (index.images.length === 0) return
  const platform = await images.platform(signal)
  if (platform !== index.platform) throw new StackError([otherPlatform(index.platform, platform)])
}

function otherPlatform(packed: string, own: string) {
  const hint = 'unpack it on a machine of that platform; the files alone come out with tar xf'
  return error('unpack-failed', `the images of the pack are for ${packed}, and the engine runs ${own}`, { hint })
}

function nameTaken(name: string) {
  const hint = '--replace-tags gives the name to the image of the pack; the other image stays, without this name'
  return error('foreign-resource', `${name} is another image here than in the pack`, { hint })
}

/** Image ids of the engine, by content id. */
export type ImageIds = ReadonlyMap<string, string>

export interface ImageOptions {
  expected: readonly ExpectedImage[]
  /** Whether names may move from other images. */
  replaceTags: boolean
  signal: AbortSignal
}

/**
 * Loads the images that are not there, compares their content, and gives them their names. Throws a StackError if a name belongs to another
 * image and must not move: before anything is loaded, and again before it would move.
 */
export async function loadImages(
  images: ImageTransfer,
  pack: VerifiedPack,
  { expected, replaceTags, signal }: ImageOptions,
): Promise<ImageIds> {
  if (expected.length === 0) return new Map()
  const beforeMove = (names: readonly string[]) => {
    if (names.length > 0 && !replaceTags) throw new StackError(names.map(nameTaken))
  }
  beforeMove(await images.moved(expected, { contentIdOf, signal }))
  const archiveOf = (missing: readonly ExpectedImage[]) => pack.images(missing.map(({ contentId: id }) => id))
  return images.in(archiveOf, expected, { contentIdOf, signal, beforeMove })
}
