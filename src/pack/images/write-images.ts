import { createHash } from 'node:crypto'
import { contentId, contentOfConfigFile, type ImageContent } from '../../lockfile/content-id.ts'
import { fields, list, text } from '../../util/shape.ts'
import { BLOBS } from '../bag/layout.ts'
import { unwritable } from '../problem.ts'
import type { Bytes, Compressed, ImageSource, ImagesSource, PackedImage } from '../types.ts'
import type { Output } from '../write/output.ts'
import { type Collected, type Layer, LayerCollector } from './collect.ts'
import { dockerManifestText, indexText, type LaidOut, manifestText, OCI_LAYOUT } from './layout.ts'

export interface WrittenImages {
  images: PackedImage[]
  compressed: Compressed[]
}

/** Writes the images of an engine's archive as an OCI layout that every engine loads. */
export async function writeImages(
  output: Output,
  source: ImagesSource,
  options: { compress: boolean; observe(archive: Bytes): Bytes },
): Promise<WrittenImages> {
  const collector = new LayerCollector(output, options.compress)
  const saved = savedImages(await collector.read(options.observe(await source.open())))
  const laidOut: LaidOut[] = []
  const images: PackedImage[] = []
  for (const image of source.images) {
    const found = saved.find(({ id }) => id === image.contentId)
    if (!found) throw unwritable(`the engine's archive does not hold the image "${image.saved}" as it was inspected`)
    const laid = await layOut(output, found, image)
    laidOut.push(laid)
    images.push(packedImage(image, found, laid))
  }
  await output.addText('data/images/index.json', indexText(laidOut))
  await output.addText('data/images/manifest.json', dockerManifestText(laidOut))
  await output.addText('data/images/oci-layout', OCI_LAYOUT)
  return { images, compressed: collector.compressed }
}

interface Saved {
  id: string
  config: Buffer
  content: ImageContent
  layers: Layer[]
}

const MANIFEST = list(fields({ Config: text, Layers: list(text) }))

function savedImages(collected: Collected): Saved[] {
  const manifest = jsonOf(collected.texts.get('manifest.json'))
  if (MANIFEST(manifest)) throw unwritable("the engine's archive of images has no readable manifest.json")
  return (manifest as { Config: string; Layers: string[] }[]).map(({ Config, Layers }) => {
    const config = collected.texts.get(Config)
    const content = contentOfConfigFile(jsonOf(config))
    const layers = Layers.flatMap((path) => collected.layerAt(path) ?? [])
    const isWhole = content && layers.map(({ diffId }) => `sha256:${diffId}`).join() === content.layers.join()
    if (!config || !isWhole)
      throw unwritable("an image in the engine's archive is not whole: its layers are not those of its configuration")
    return { id: contentId(content), config, content, layers }
  })
}

function jsonOf(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString() ?? '')
  } catch {
    return undefined
  }
}

async function layOut(output: Output, { config, content, layers }: Saved, { names }: ImageSource): Promise<LaidOut> {
  const { architecture, os, variant } = content
  const parts = {
    names: names.filter((name) => !name.includes('@')),
    config: await addBlob(output, config),
    platform: { architecture, os, ...(variant && { variant }) },
    layers,
  }
  return { ...parts, manifest: await addBlob(output, Buffer.from(manifestText(parts))) }
}

async function addBlob(output: Output, bytes: Buffer): Promise<{ digest: string; size: number }> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const path = `${BLOBS}${digest}`
  if (!output.written.some((member) => member.path === path)) await output.addText(path, bytes)
  return { digest, size: bytes.length }
}

function packedImage(image: ImageSource, { id, layers }: Saved, { names, config, manifest }: LaidOut): PackedImage {
  return {
    names,
    contentId: id,
    services: image.services,
    config: `sha256:${config.digest}`,
    manifest: `sha256:${manifest.digest}`,
    layers: layers.map(({ diffId }) => `sha256:${diffId}`),
  }
}
