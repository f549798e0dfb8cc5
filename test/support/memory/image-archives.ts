import { gunzipSync } from 'node:zlib'
import { ArchiveError, readTar } from '../../../src/archive/read-tar.ts'
import { type TarEntry, tarOf } from '../../../src/archive/tar.ts'
import { failedInside, type ImageArchiveCalls, type LoadedImages } from '../../../src/docker/port.ts'
import type { ImageFixture } from './fixture.ts'
import { configFile, findImage, layerOf, tagsOf, withTag } from './images.ts'
import { hash, refuse, type StoredImage, type World } from './world.ts'

/** An image's one layer is its fixture. Layers may be compressed, as an engine takes them. */
export function imageArchiveCalls(world: World): ImageArchiveCalls {
  return {
    async saveImages(references) {
      const images = references.map(
        (reference) => findImage(world, reference) ?? refuse(404, `No such image: ${withTag(reference)}`),
      )
      return once(archiveOf(world, [...new Set(images)]))
    },
    async loadImages(archive, { signal, onMessage }) {
      signal.throwIfAborted()
      const loaded = load(world, await membersOf(archive))
      for (const line of [...loaded.ids.map((id) => `Loaded image ID: ${id}`), ...loaded.names]) onMessage?.(line)
      return loaded
    },
  }
}

const BLOCK = 512

interface Manifest {
  Config: string
  RepoTags: string[] | null
  Layers: string[]
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function archiveOf(world: World, images: StoredImage[]): Uint8Array {
  const members = new Map<string, string | Uint8Array>()
  const manifest = images.map(({ id, fixture }): Manifest => {
    const layer = layerOf(fixture)
    const config = configFile(fixture)
    const names = { Config: `${hash(config)}.json`, Layers: [`${hash(layer)}/layer.tar`] }
    members.set(names.Config, config).set(`${hash(layer)}/layer.tar`, layer)
    return { ...names, RepoTags: tagsOf(world, id) }
  })
  members.set('manifest.json', JSON.stringify(manifest))
  const entries = [...members].map(([path, text]): TarEntry & { content: Uint8Array } => {
    return { path, type: 'file', mode: 0o644, content: Buffer.from(text as string) }
  })
  return tarOf(entries)
}

async function membersOf(archive: AsyncIterable<Uint8Array>): Promise<Map<string, Buffer>> {
  const members = new Map<string, Buffer>()
  try {
    for await (const { path, content } of readTar(archive)) {
      const parts: Uint8Array[] = []
      for await (const part of content) parts.push(part)
      members.set(path, Buffer.concat(parts))
    }
  } catch (error) {
    if (error instanceof ArchiveError) refuse(500, error.message)
    throw error
  }
  return members
}

function load(world: World, members: ReadonlyMap<string, Buffer>): LoadedImages {
  const member = (name: string) =>
    members.get(name) ?? refuse(500, `open /var/lib/docker/tmp/load/${name}: no such file or directory`)
  const loaded: LoadedImages = { ids: [], names: [] }
  for (const { Config, RepoTags, Layers } of JSON.parse(String(member('manifest.json'))) as Manifest[]) {
    const config = JSON.parse(String(member(Config))) as { rootfs: { diff_ids: string[] } }
    const layers = Layers.map((name) => plain(member(name)))
    if (layers.map((layer) => `sha256:${hash(layer)}`).join() !== config.rootfs.diff_ids.join())
      throw failedInside('invalid diffID for layer 0')
    const fixture = fixtureIn(layers[0])
    const image = { id: `sha256:${hash(JSON.stringify(fixture))}`, fixture }
    for (const tag of RepoTags ?? []) world.images.set(withTag(tag), image)
    if (!RepoTags?.length && !findImage(world, image.id)) world.images.set(image.id, image)
    if (RepoTags?.length) loaded.names.push(...RepoTags)
    else loaded.ids.push(image.id)
  }
  return loaded
}

function plain(layer: Buffer): Buffer {
  return layer[0] === 0x1f && layer[1] === 0x8b ? gunzipSync(layer) : layer
}

/** The first file of the layer. */
function fixtureIn(layer: Buffer | undefined): ImageFixture {
  if (!layer) throw failedInside('the image has no layer')
  const size = Number.parseInt(layer.toString('latin1', 124, 135), 8)
  return JSON.parse(layer.toString('utf8', BLOCK, BLOCK + size)) as ImageFixture
}
