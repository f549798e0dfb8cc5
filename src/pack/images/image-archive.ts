import { padding, tarEnd, tarHeader } from '../../archive/tar.ts'
import { BLOBS } from '../bag/layout.ts'
import type { Bytes } from '../types.ts'
import { dockerManifestText, indexText, type LaidOut, OCI_LAYOUT } from './layout.ts'

/** A blob of the pack as it is stored. @param path of the member */
export type BlobAt = (path: string) => { size: number; content: Bytes }

/** An archive for `docker load` of some images of a pack. They have no names in it, so that loading them moves none. */
export async function* imageArchive(images: readonly LaidOut[], blobAt: BlobAt): AsyncGenerator<Uint8Array> {
  const nameless = images.map((image) => ({ ...image, names: [] }))
  yield* textEntry('index.json', indexText(nameless))
  yield* textEntry('manifest.json', dockerManifestText(nameless))
  yield* textEntry('oci-layout', OCI_LAYOUT)
  for (const digest of blobsOf(nameless)) {
    const { size, content } = blobAt(`${BLOBS}${digest}`)
    yield tarHeader({ path: `blobs/sha256/${digest}`, type: 'file', mode: 0o644, size })
    yield* content
    yield padding(size)
  }
  yield tarEnd()
}

function blobsOf(images: readonly LaidOut[]): Set<string> {
  return new Set(
    images.flatMap(({ config, manifest, layers }) => [config, manifest, ...layers].map(({ digest }) => digest)),
  )
}

function* textEntry(path: string, text: string): Generator<Uint8Array> {
  const content = Buffer.from(text)
  yield tarHeader({ path, type: 'file', mode: 0o644, size: content.length })
  yield content
  yield padding(content.length)
}
