import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { shellCommand } from '../diagnostics/own-command.ts'
import { type Descriptor, isIndex, type Manifest, Repository } from '../registry/client.ts'
import { RegistryError } from '../registry/error.ts'
import { proxyFor } from '../registry/proxy.ts'
import { isDigest, parseRegistryReference, referenceText, repositoryOf } from '../registry/reference.ts'
import {
  type ArtifactManifest,
  COMPOSE_FILE,
  ENV_FILE,
  ENV_FILE_NAME,
  FILE_NAME,
  IS_EXTENDED,
  indexIn,
  isProject,
  MOST_BYTES,
  MOST_LAYERS,
  manifestIn,
  PROJECT,
} from './artifact.ts'
import type { FetchedStack, FetchOptions } from './options.ts'
import { exists, filledOnce, folderOf } from './place.ts'
import { unfetched } from './problem.ts'

/** The stack's own file in its folder; the other layers have their own names. */
const MAIN = 'compose.yaml'

/** Fetches a stack from a registry. A version that is named by its digest, and was fetched before, needs no registry. */
export async function fetchFromRegistry(name: string, options: FetchOptions): Promise<FetchedStack> {
  const reference = parseRegistryReference(name)
  if (!reference) throw unfetched(`oci://${name}`, 'the name is invalid', 'write oci://HOST/NAME:TAG or @sha256:DIGEST')
  const folderFor = (digest: string) =>
    folderOf(options.cache, 'oci', repositoryOf(reference), digest.replace('sha256:', '').replace(':', '-'))
  if (reference.digest && (await exists(folderFor(reference.digest)))) return stackIn(folderFor(reference.digest))
  const { registry } = reference
  const { signal, credentialsFor } = options
  const repository = new Repository(reference.name, {
    registry,
    insecure: options.insecure.includes(registry),
    credentialsFor,
    signal,
    proxyFor: (url) => proxyFor(url, options.env),
  })
  try {
    const found = await repository.manifest(reference)
    await filledOnce(folderFor(found.digest), async (folder) =>
      unpack(repository, await projectIn(repository, found), folder),
    )
    return stackIn(folderFor(found.digest))
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof RegistryError)) throw thrown
    throw unfetched(`oci://${referenceText(reference)}`, thrown.message, hintFor(thrown, registry))
  }
}

function stackIn(folder: string): FetchedStack {
  return { file: join(folder, MAIN), folder }
}

function hintFor({ kind }: RegistryError, registry: string): string | undefined {
  if (kind === 'denied') return `log in with ${shellCommand(`docker login ${registry}`)}`
  if (kind === 'unreachable')
    return 'a version that was fetched before can be used without the registry by its digest: NAME@sha256:…'
  return kind === 'missing' ? 'check the name and the tag' : undefined
}

/** The manifest of the stack: an index of an application names it as its subject, or among its manifests. */
async function projectIn(repository: Repository, { mediaType, bytes }: Manifest): Promise<ArtifactManifest> {
  const manifest = isIndex(mediaType) ? await named(repository, bytes) : manifestIn(bytes)
  if (isProject(manifest)) return manifest
  const type = manifest.artifactType || manifest.config?.mediaType || 'unknown'
  throw new RegistryError('invalid', `it is not a stack: its type is ${type}`)
}

async function named(repository: Repository, bytes: Buffer): Promise<ArtifactManifest> {
  const { manifests, subject } = indexIn(bytes)
  const found = manifests.findLast(({ artifactType }) => artifactType === PROJECT) ?? subject
  if (!found) throw new RegistryError('invalid', 'its index names no stack')
  return manifestIn((await repository.manifest({ digest: digestIn(found) })).bytes)
}

function digestIn({ digest }: Descriptor): string {
  if (isDigest(digest)) return digest
  throw new RegistryError('invalid', `${JSON.stringify(digest.slice(0, 80))} is not a digest`)
}

async function unpack(repository: Repository, { layers }: ArtifactManifest, folder: string): Promise<void> {
  const total = layers.reduce((sum, { size }) => sum + Math.max(size, 0), 0)
  if (layers.length > MOST_LAYERS) throw new RegistryError('invalid', `it has more than ${MOST_LAYERS} layers`)
  if (total > MOST_BYTES) throw new RegistryError('invalid', `it is larger than ${MOST_BYTES / 1024 / 1024} MiB`)
  const files = new Map<string, Buffer[]>()
  for (const layer of layers) {
    const name = nameOf(layer)
    if (name === undefined) continue
    const content = await repository.blob({ ...layer, digest: digestIn(layer) })
    files.set(name, [...(files.get(name) ?? []), content])
  }
  if (!files.has(MAIN)) throw new RegistryError('invalid', 'it holds no stack file')
  for (const [name, parts] of files) await writeFile(join(folder, name), joined(parts), { mode: 0o600 })
}

/** The name of a layer's file in the folder; undefined for a layer that holds none. */
function nameOf({ mediaType, annotations = {} }: Descriptor): string | undefined {
  if (mediaType === ENV_FILE) return plainName(annotations[ENV_FILE_NAME])
  if (mediaType !== COMPOSE_FILE) return undefined
  return annotations[IS_EXTENDED] === undefined ? MAIN : plainName(annotations[FILE_NAME])
}

/** All files of a stack lie in one folder. */
function plainName(name = ''): string {
  if (/^[\w-][\w.-]*$/.test(name) && name.length <= 200 && name !== MAIN) return name
  throw new RegistryError('invalid', `it holds a file with the name ${JSON.stringify(name.slice(0, 80))}`)
}

/** Several files are the documents of one, of which the later override the earlier. */
function joined(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('\n---\n'), part])))
}
