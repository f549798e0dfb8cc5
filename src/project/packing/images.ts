import type { ImageTransfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { contentId } from '../../lockfile/content-id.ts'
import type { ImageSource, ImagesSource } from '../../pack/types.ts'
import type { Stack } from '../../stack/model.ts'
import { usedImages } from '../locking/make-lock.ts'

export interface FoundImages {
  source: ImagesSource
  /** The id of one of them. */
  any: string | undefined
  platform: string
}

/** The images of some services, each content once. Throws a StackError if one is not there. */
export async function imagesOf(
  transfer: ImageTransfer,
  { stack, services }: { stack: Stack; services: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<FoundImages> {
  const chosen = Object.entries(stack.services).filter(([name]) => services.has(name))
  const used = usedImages({ ...stack, services: Object.fromEntries(chosen) })
  const byContent = new Map<string, ImageSource & { size: number }>()
  for (const { reference, service } of used) {
    const found = await transfer.find(reference, signal)
    if (!found) throw new StackError([notThere(reference, service)])
    const id = contentId(found)
    const { names = [], services: users = [] } = byContent.get(id) ?? {}
    const image = { saved: found.id, names: [...names, reference], services: [...users, service] }
    byContent.set(id, { ...image, contentId: id, size: found.size })
  }
  const images = [...byContent.values()]
  const size = images.reduce((total, image) => total + image.size, 0)
  // By id: somebody may give their names to other images meanwhile.
  const ids = images.map(({ saved }) => saved)
  const open = () => transfer.out(ids, signal)
  return {
    source: { images: images.map(({ size: _, ...image }) => image), size, open },
    any: images[0]?.saved,
    platform: await transfer.platform(signal),
  }
}

/** The id of an image of the stack that is there: volumes are read through a container of it. */
export async function anyImage(
  transfer: ImageTransfer,
  stack: Stack,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { reference } of usedImages(stack)) {
    const found = await transfer.find(reference, signal)
    if (found) return found.id
  }
  return undefined
}

function notThere(reference: string, service: string) {
  const hint = `${ownCommand(`pull ${service}`)} or ${ownCommand(`build ${service}`)} gets it; --no-images packs the rest`
  return error('image-unavailable', `image ${foreign(reference)} of service "${service}" is not on this engine`, {
    hint,
  })
}
