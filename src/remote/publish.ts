import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { shellCommand } from '../diagnostics/own-command.ts'
import { digestOf } from '../registry/body.ts'
import { type Descriptor, INDEX, MANIFEST, Repository } from '../registry/client.ts'
import { RegistryError } from '../registry/error.ts'
import { proxyFor } from '../registry/proxy.ts'
import { parseRegistryReference, type RegistryReference, referenceText } from '../registry/reference.ts'
import type { Publication, PublishedFile } from '../stack/publication.ts'
import {
  COMPOSE_FILE,
  ENV_FILE,
  ENV_FILE_NAME,
  emptyConfig,
  FILE_NAME,
  IS_EXTENDED,
  type Layer,
  layerOf,
  MOST_BYTES,
  MOST_LAYERS,
  PROJECT,
  projectManifest,
  VERSION,
} from './artifact.ts'
import { copyImage } from './copy-image.ts'
import type { FetchOptions } from './options.ts'

export type PublishOptions = Omit<FetchOptions, 'cache'>

/** Publishes a stack, as `docker compose publish` does; resolves to the digest of its manifest. Throws a StackError. */
export async function publishStack(publication: Publication, options: PublishOptions): Promise<{ digest: string }> {
  const { name } = publication
  const reference = parseRegistryReference(name)
  if (!reference || reference.digest !== undefined) throw new StackError([misnamed(name)])
  try {
    return await publish(publication, reference, options)
  } catch (thrown) {
    options.signal.throwIfAborted()
    if (!(thrown instanceof RegistryError)) throw thrown
    const hint =
      thrown.kind === 'denied' ? `log in with ${shellCommand(`docker login ${reference.registry}`)}` : undefined
    throw new StackError([error('push-failed', `${name} cannot be published: ${foreign(thrown.message)}`, { hint })])
  }
}

function misnamed(name: string) {
  const hint = 'write HOST/NAME or HOST/NAME:TAG'
  return error('usage', `"${foreign(name)}" is not the name of a repository, with or without a tag`, { hint })
}

async function publish(publication: Publication, reference: RegistryReference, options: PublishOptions) {
  const repository = repositoryFor(reference, options)
  const layers = publication.files.map((file) => fileLayer(file, publication.composeVersion))
  demandFetchable(layers)
  for (const { descriptor, content } of layers) await repository.upload(descriptor.digest, async () => content)
  const stack = await putManifest(repository, reference, layers, publication)
  const { images, composeVersion } = publication
  if (images) await putIndex(repository, { images, stack, composeVersion }, options)
  return { digest: stack.digest }
}

/** Nobody could fetch more. */
function demandFetchable(layers: readonly Layer[]): void {
  const total = layers.reduce((sum, { content }) => sum + content.length, 0)
  if (layers.length > MOST_LAYERS)
    throw new RegistryError('refused', `a stack may have ${MOST_LAYERS} files, not ${layers.length}`)
  const [most, size] = [MOST_BYTES, total].map((bytes) => `${Math.ceil(bytes / 1024 / 1024)} MiB`)
  if (total > MOST_BYTES) throw new RegistryError('refused', `the files of a stack may have ${most}, not ${size}`)
}

function repositoryFor({ registry, name }: RegistryReference, options: PublishOptions): Repository {
  const { credentialsFor, insecure, signal, env } = options
  return new Repository(name, {
    registry,
    insecure: insecure.includes(registry),
    credentialsFor,
    signal,
    proxyFor: (url) => proxyFor(url, env),
  })
}

function fileLayer({ name, role, content }: PublishedFile, version: string): Layer {
  const annotations = {
    [role === 'env' ? ENV_FILE_NAME : FILE_NAME]: name,
    [VERSION]: version,
    ...(role === 'extended' && { [IS_EXTENDED]: 'true' }),
  }
  return layerOf(role === 'env' ? ENV_FILE : COMPOSE_FILE, content, annotations)
}

/** Registries that do not know the type of an artifact refuse the newer form. */
async function putManifest(
  repository: Repository,
  { tag = 'latest' }: RegistryReference,
  layers: readonly Layer[],
  { ociVersion, created, composeVersion }: Publication,
): Promise<Descriptor> {
  const put = async (version: '1.0' | '1.1'): Promise<Descriptor> => {
    const { descriptor, content } = emptyConfig(version)
    await repository.upload(descriptor.digest, async () => content)
    const bytes = projectManifest(layers, version, created)
    await repository.put(tag, MANIFEST, bytes)
    const [digest, size] = [digestOf(bytes), bytes.length]
    const annotations = { [VERSION]: composeVersion }
    return { mediaType: MANIFEST, digest, size, annotations, ...(version === '1.1' && { artifactType: PROJECT }) }
  }
  if (ociVersion) return put(ociVersion)
  try {
    return await put('1.1')
  } catch (thrown) {
    const isUnknown = thrown instanceof RegistryError && thrown.kind === 'refused' && (thrown.status ?? 500) < 500
    if (!isUnknown) throw thrown
    return put('1.0')
  }
}

/** The index of an application refers to the stack and has no tag: a registry lists it among the stack's referrers. */
async function putIndex(
  repository: Repository,
  { images, stack, composeVersion }: { images: readonly string[]; stack: Descriptor; composeVersion: string },
  options: PublishOptions,
): Promise<void> {
  const manifests: Descriptor[] = []
  for (const image of images) {
    const reference = parseRegistryReference(image)
    if (!reference) throw new RegistryError('refused', `"${image}" is not the name of an image`)
    const from = { repository: repositoryFor(reference, options), reference, text: referenceText(reference) }
    manifests.push(await copyImage(from, repository))
  }
  const annotations = { [VERSION]: composeVersion }
  const index = { schemaVersion: 2, mediaType: INDEX, manifests, subject: stack, annotations }
  const bytes = Buffer.from(JSON.stringify(index))
  await repository.put(digestOf(bytes), INDEX, bytes)
}
