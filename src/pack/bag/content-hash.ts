import { createHash } from 'node:crypto'
import type { PackedImage } from '../types.ts'
import { BLOBS, byBytes, CRATE, IMAGE_FILES, INDEX } from './layout.ts'
import { type Sum, sumLines } from './lists.ts'

export interface Contents {
  /** Of the uncompressed contents, by the members' paths without the suffix of a compression. */
  sums: readonly Sum[]
  images: readonly Pick<PackedImage, 'contentId' | 'names'>[]
}

/**
 * The SHA-256 of a list of uncompressed contents, by path. Images count by their content ids: an
 * engine's own files about them, and compressed layers, differ from one engine to the next. Files that only describe others do not count.
 */
export function contentHash({ sums, images }: Contents): string {
  const lines = [
    sumLines(sums.filter(({ path }) => isContent(path))),
    ...images.map(({ contentId, names }) => `${[contentId, ...names].join('  ')}\n`),
  ]
  const sorted = lines.flatMap((text) => text.split(/(?<=\n)/)).sort(byBytes)
  return createHash('sha256').update(sorted.join('')).digest('hex')
}

function isContent(path: string): boolean {
  return (
    path.startsWith('data/') &&
    path !== INDEX &&
    path !== CRATE &&
    !path.startsWith(BLOBS) &&
    !IMAGE_FILES.includes(path)
  )
}

/** The path of a compressed member without the suffix. */
export function plainPath(path: string): string {
  return path.replace(/\.(?:gz|zst)$/, '')
}
