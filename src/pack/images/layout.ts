import type { Layer } from './collect.ts'
import { fullName, taggedName } from './names.ts'

export const OCI_LAYOUT = '{"imageLayoutVersion":"1.0.0"}\n'
const TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  index: 'application/vnd.oci.image.index.v1+json',
} as const

export interface Descriptor {
  mediaType: string
  /** `sha256:…` */
  digest: string
  size: number
}

/** An image in a layout. Digests are those of blobs, in hexadecimal. */
export interface LaidOut {
  names: readonly string[]
  config: { digest: string; size: number }
  manifest: { digest: string; size: number }
  platform: { architecture: string; os: string; variant?: string }
  layers: readonly Pick<Layer, 'digest' | 'size' | 'isCompressed'>[]
}

/** An OCI image manifest (https://github.com/opencontainers/image-spec/blob/main/manifest.md). */
export function manifestText({ config, layers }: Pick<LaidOut, 'config' | 'layers'>): string {
  const layerType = (isCompressed: boolean) => (isCompressed ? `${TYPES.layer}+gzip` : TYPES.layer)
  return line({
    schemaVersion: 2,
    mediaType: TYPES.manifest,
    config: descriptor(TYPES.config, config),
    layers: layers.map((layer) => descriptor(layerType(layer.isCompressed), layer)),
  })
}

/** `index.json`: newer engines and OCI tools start here. */
export function indexText(images: readonly LaidOut[]): string {
  const manifests = images.flatMap(({ names, manifest, platform }) => {
    const plain = { ...descriptor(TYPES.manifest, manifest), platform }
    return names.length === 0 ? [plain] : names.map((name) => ({ ...plain, annotations: annotations(name) }))
  })
  return line({ schemaVersion: 2, mediaType: TYPES.index, manifests })
}

function annotations(name: string): Record<string, string> {
  return { 'io.containerd.image.name': fullName(name), 'org.opencontainers.image.ref.name': fullName(name) }
}

/** `manifest.json`: engines before 25 start here. */
export function dockerManifestText(images: readonly LaidOut[]): string {
  const entries = images.map(({ config, names, layers }) => ({
    Config: blob(config.digest),
    RepoTags: names.length === 0 ? null : names.map(taggedName),
    Layers: layers.map(({ digest }) => blob(digest)),
  }))
  return line(entries)
}

function descriptor(mediaType: string, { digest, size }: { digest: string; size: number }): Descriptor {
  return { mediaType, digest: `sha256:${digest}`, size }
}

function blob(digest: string): string {
  return `blobs/sha256/${digest}`
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
