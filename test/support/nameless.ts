import { readTar } from '../../src/archive/read-tar.ts'
import { padding, tarEnd, tarHeader } from '../../src/archive/tar.ts'

interface Index {
  manifests: { annotations?: unknown }[]
}

/** An archive of `docker save` without the names of its images. */
export async function* nameless(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { path, type, mode, content, linkTarget } of readTar(archive)) {
    if (path === 'repositories' || type === 'other') continue
    const bytes = without(path, await whole(content))
    yield tarHeader({ path, type, mode, size: bytes.length, linkTarget })
    if (bytes.length > 0) yield bytes
    yield padding(bytes.length)
  }
  yield tarEnd()
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

function without(path: string, bytes: Buffer): Buffer {
  if (path === 'manifest.json') {
    const images = JSON.parse(bytes.toString()) as object[]
    return Buffer.from(JSON.stringify(images.map((each) => ({ ...each, RepoTags: null }))))
  }
  if (path !== 'index.json') return bytes
  const index = JSON.parse(bytes.toString()) as Index
  return Buffer.from(
    JSON.stringify({ ...index, manifests: index.manifests.map(({ annotations: _, ...each }) => each) }),
  )
}
