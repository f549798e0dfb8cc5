import { digestOf } from '../registry/body.ts'
import { type Descriptor, MANIFEST } from '../registry/client.ts'
import { RegistryError } from '../registry/error.ts'
import { each, fields, list, maybe, number, record, type Shape, text } from '../util/shape.ts'

// The format in which `docker compose publish` stores a stack. Source: docker/compose, internal/oci/push.go.

export const PROJECT = 'application/vnd.docker.compose.project'
export const COMPOSE_FILE = 'application/vnd.docker.compose.file+yaml'
export const ENV_FILE = 'application/vnd.docker.compose.envfile'
const EMPTY_CONFIG = 'application/vnd.docker.compose.config.empty.v1+json'
const EMPTY_JSON = 'application/vnd.oci.empty.v1+json'

export const FILE_NAME = 'com.docker.compose.file'
export const ENV_FILE_NAME = 'com.docker.compose.envfile'
export const IS_EXTENDED = 'com.docker.compose.extends'
export const VERSION = 'com.docker.compose.version'

export interface ArtifactManifest {
  artifactType?: string
  config?: { mediaType: string }
  layers: Descriptor[]
}

export interface ArtifactIndex {
  manifests: Descriptor[]
  subject?: Descriptor
}

const DESCRIPTOR: Shape = fields({
  mediaType: text,
  digest: text,
  size: number,
  annotations: maybe(record(text)),
  artifactType: maybe(text),
})

/** Parses a manifest's JSON. Throws a RegistryError for any other. */
export function manifestIn(bytes: Buffer): ArtifactManifest {
  const shape = fields({
    ...each('artifactType', text),
    config: maybe(fields({ mediaType: text })),
    layers: list(DESCRIPTOR),
  })
  return parsed(bytes, shape) as ArtifactManifest
}

export function indexIn(bytes: Buffer): ArtifactIndex {
  return parsed(bytes, fields({ manifests: list(DESCRIPTOR), subject: maybe(DESCRIPTOR) })) as ArtifactIndex
}

function parsed(bytes: Buffer, shape: Shape): unknown {
  let data: unknown
  try {
    data = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new RegistryError('invalid', 'the registry answered with a manifest that is no JSON', { cause })
  }
  const misfit = shape(data)
  if (!misfit) return data
  throw new RegistryError('invalid', `the registry answered with a manifest in which ${misfit.path} is ${misfit.words}`)
}

/** Whether a manifest is that of a stack; older registries only keep the type of its configuration. */
export function isProject({ artifactType, config }: ArtifactManifest): boolean {
  return artifactType ? artifactType === PROJECT : config?.mediaType === EMPTY_CONFIG
}

/** A file of a stack on its way to a registry. */
export interface Layer {
  descriptor: Descriptor & { data: string }
  content: Uint8Array
}

export function layerOf(mediaType: string, content: Uint8Array, annotations: Record<string, string>): Layer {
  const data = Buffer.from(content).toString('base64')
  const [digest, size] = [digestOf(content), content.length]
  return { descriptor: { mediaType, digest, size, annotations, data }, content }
}

/** The only configuration: an empty one, whose type says what the manifest is where the manifest itself cannot. */
export function emptyConfig(version: '1.0' | '1.1'): Layer {
  const { descriptor, content } = layerOf(version === '1.1' ? EMPTY_JSON : EMPTY_CONFIG, Buffer.from('{}'), {})
  const { annotations: _, ...plain } = descriptor
  return { descriptor: plain, content }
}

/** The layers that a stack may have, and their bytes together. */
export const MOST_LAYERS = 200
export const MOST_BYTES = 32 * 1024 * 1024

/** Registries refuse manifests of more than 4 MiB; in bytes, with the contents of layers in it. */
const MOST_WITH_CONTENTS = 1024 * 1024

/** The manifest of a stack with these layers, as bytes. `created` in RFC 3339. Readers fetch contents that are too large to be part of it. */
export function projectManifest(layers: readonly Layer[], version: '1.0' | '1.1', created: string): Buffer {
  const descriptors = layers.map(({ descriptor }) => descriptor)
  const total = descriptors.reduce((sum, { data }) => sum + data.length, 0)
  return manifestOf(total > MOST_WITH_CONTENTS ? descriptors.map(withoutContent) : descriptors, version, created)
}

function withoutContent({ data: _, ...descriptor }: Layer['descriptor']): Descriptor {
  return descriptor
}

function manifestOf(layers: readonly Descriptor[], version: '1.0' | '1.1', created: string): Buffer {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    ...(version === '1.1' && { artifactType: PROJECT }),
    config: emptyConfig(version).descriptor,
    layers,
    annotations: { 'org.opencontainers.image.created': created },
  }
  return Buffer.from(JSON.stringify(manifest))
}
