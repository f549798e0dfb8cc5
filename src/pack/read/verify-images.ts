import { contentId, contentOfConfigFile } from '../../lockfile/content-id.ts'
import { BLOBS } from '../bag/layout.ts'
import { type LaidOut, manifestText } from '../images/layout.ts'
import { refused } from '../problem.ts'
import type { Compressed, PackedImage } from '../types.ts'
import type { ReadText } from './lists.ts'
import type { Structure } from './structure.ts'

/** Where each image's parts are, once they were checked. */
export interface CheckedImage extends LaidOut {
  contentId: string
}

/** Checks that every image's configuration, manifest and layers are there and belong together, and are what the index says. */
export class ImageCheck {
  readonly #blobOf = new Map<string, { digest: string; isCompressed: boolean }>()

  constructor(
    readonly structure: Structure,
    compressed: readonly Compressed[],
    readonly read: ReadText,
  ) {
    for (const { path, sha256 } of compressed) {
      if (path.startsWith(BLOBS.slice('data/'.length)))
        this.#blobOf.set(sha256, { digest: digestOf(path), isCompressed: true })
    }
  }

  async check(image: PackedImage): Promise<CheckedImage> {
    const config = this.#blob(hexOf(image.config))
    const content = contentOfConfigFile(json(await this.read(config.path)))
    if (!content) throw refused('it is not the configuration of an image', config.path)
    if (content.layers.join() !== image.layers.join())
      throw refused('its layers are not those in the index', config.path)
    if (contentId(content) !== image.contentId) throw refused('its content id is not the one in the index', config.path)
    const layers = image.layers.map((diffId) => this.#layer(hexOf(diffId)))
    const { architecture, os, variant } = content
    const parts = { config: { digest: hexOf(image.config), size: config.size }, layers }
    const manifest = this.#blob(hexOf(image.manifest))
    if ((await this.read(manifest.path)).toString() !== manifestText(parts))
      throw refused('it is not the manifest of the image in the index', manifest.path)
    const laid = { ...parts, names: image.names, manifest: { digest: hexOf(image.manifest), size: manifest.size } }
    return { ...laid, platform: { architecture, os, ...(variant && { variant }) }, contentId: image.contentId }
  }

  #layer(diffId: string): LaidOut['layers'][number] {
    const { digest, isCompressed } = this.#blobOf.get(diffId) ?? { digest: diffId, isCompressed: false }
    return { digest, size: this.#blob(digest).size, isCompressed }
  }

  #blob(digest: string) {
    const path = `${BLOBS}${digest}`
    const member = this.structure.byPath.get(path)
    if (!member) throw refused('an image needs it, and it is missing', path)
    return member
  }
}

/** Blobs that no image needs. */
export function strayBlob({ members }: Structure, images: readonly CheckedImage[]): string | undefined {
  const used = new Set(
    images.flatMap(({ config, manifest, layers }) => [config, manifest, ...layers].map(({ digest }) => digest)),
  )
  return members.find(({ path }) => path.startsWith(BLOBS) && !used.has(digestOf(path)))?.path
}

function digestOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length)
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
