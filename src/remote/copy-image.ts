import { type Descriptor, isIndex, type Manifest, type Repository } from '../registry/client.ts'
import { RegistryError } from '../registry/error.ts'
import { isDigest, type RegistryReference } from '../registry/reference.ts'
import { fields, list, maybe, number, text } from '../util/shape.ts'

interface Source {
  repository: Repository
  reference: RegistryReference
  /** The image's name in messages. */
  text: string
}

/** Copies an image, with all its platforms, into another repository. Resolves to its descriptor. */
export async function copyImage({ repository, reference, text: name }: Source, to: Repository): Promise<Descriptor> {
  try {
    const manifest = await repository.manifest(reference)
    await copy(manifest, { from: repository, to, isSame: isSameRegistry(repository, to) })
    return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.length }
  } catch (thrown) {
    if (!(thrown instanceof RegistryError)) throw thrown
    const { kind, status, message } = thrown
    const more = status === undefined ? { cause: thrown } : { cause: thrown, status }
    throw new RegistryError(kind, `the image ${name} cannot be copied: ${message}`, more)
  }
}

interface Way {
  from: Repository
  to: Repository
  isSame: boolean
}

function isSameRegistry(one: Repository, other: Repository): boolean {
  return one.connection.registry === other.connection.registry
}

/** What a manifest refers to comes first: a registry refuses one that refers to something that it lacks. */
async function copy({ mediaType, bytes, digest }: Manifest, way: Way): Promise<void> {
  const { manifests = [], config, layers = [] } = contentOf(bytes)
  if (isIndex(mediaType)) for (const each of manifests) await copy(await way.from.manifest(checked(each)), way)
  else for (const each of config ? [config, ...layers] : layers) await copyBlob(checked(each), way)
  await way.to.put(digest, mediaType, bytes)
}

function copyBlob({ digest }: Digested, { from, to, isSame }: Way): Promise<void> {
  return to.upload(digest, () => from.open(digest), isSame ? from.name : undefined)
}

interface Digested {
  digest: string
}

interface Content {
  manifests?: Digested[]
  config?: Digested
  layers?: Digested[]
}

const PART = fields({ digest: text, size: number })
const CONTENT = fields({ manifests: maybe(list(PART)), config: maybe(PART), layers: maybe(list(PART)) })

function contentOf(bytes: Buffer): Content {
  const data: unknown = JSON.parse(bytes.toString('utf8'))
  if (CONTENT(data)) throw new RegistryError('invalid', 'its manifest is malformed')
  return data as Content
}

function checked<D extends Digested>(each: D): D {
  if (isDigest(each.digest)) return each
  throw new RegistryError('invalid', 'its manifest names something that is not a digest')
}
