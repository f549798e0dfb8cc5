import { digestOf, readBody, verify } from './body.ts'
import { RegistryConnection, type RegistryOptions } from './connection.ts'
import { RegistryError } from './error.ts'
import type { RegistryReference } from './reference.ts'

/** A manifest or index, as the registry has it. */
export interface Manifest {
  digest: string
  mediaType: string
  bytes: Buffer
}

/** Something in a repository (OCI image specification, "descriptor"). */
export interface Descriptor {
  mediaType: string
  digest: string
  /** In bytes. */
  size: number
  annotations?: Record<string, string>
  artifactType?: string
}

export const INDEX = 'application/vnd.oci.image.index.v1+json'
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const DOCKER_INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json'
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const KNOWN = [INDEX, MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST]

/** The largest manifest that registries must accept (OCI distribution specification, "Pushing Manifests"). */
const MOST_MANIFEST_BYTES = 4 * 1024 * 1024

export function isIndex(mediaType: string): boolean {
  return mediaType === INDEX || mediaType === DOCKER_INDEX
}

/** One repository of a registry (https://github.com/opencontainers/distribution-spec). All methods throw RegistryErrors. */
export class Repository {
  readonly connection: RegistryConnection
  readonly #path: string

  constructor(
    readonly name: string,
    options: RegistryOptions,
  ) {
    this.connection = new RegistryConnection(options)
    this.#path = `/v2/${name}`
  }

  /** By digest, else by tag. What is asked for by digest is verified. */
  async manifest({ tag = 'latest', digest }: Pick<RegistryReference, 'tag' | 'digest'>): Promise<Manifest> {
    const response = await this.connection.ask(`${this.#path}/manifests/${digest ?? tag}`, {
      headers: { accept: KNOWN.join(', ') },
    })
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
    if (!KNOWN.includes(mediaType)) {
      await response.body?.cancel()
      throw new RegistryError('invalid', `the registry answered with ${mediaType || 'something'} instead of a manifest`)
    }
    const bytes = await readBody(response, MOST_MANIFEST_BYTES)
    const promised = digest ?? response.headers.get('docker-content-digest') ?? undefined
    if (promised !== undefined) verify(bytes, promised)
    return { digest: promised ?? digestOf(bytes), mediaType, bytes }
  }

  /** The whole content of a blob, verified. */
  async blob({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<Buffer> {
    const bytes = await readBody(await this.open(digest), size)
    if (bytes.length !== size)
      throw new RegistryError('invalid', `the registry sent ${bytes.length} instead of ${size} bytes`)
    verify(bytes, digest)
    return bytes
  }

  /** A blob's content as it arrives, unverified: for passing it on to a registry, which verifies it. */
  open(digest: string): Promise<Response> {
    return this.connection.ask(`${this.#path}/blobs/${digest}`)
  }

  async has(kind: 'blobs' | 'manifests', digest: string): Promise<boolean> {
    const headers = { accept: [...KNOWN, '*/*'].join(', ') }
    const response = await this.connection.ask(`${this.#path}/${kind}/${digest}`, {
      method: 'HEAD',
      headers,
      accept: [404],
    })
    return response.ok
  }

  /** Stores a blob that is not there yet. `from` is another repository of this registry that has it. */
  async upload(digest: string, content: () => Promise<Uint8Array | Response>, from?: string): Promise<void> {
    if (await this.has('blobs', digest)) return
    const query = from === undefined ? '' : `?${new URLSearchParams({ mount: digest, from })}`
    const begun = await this.connection.ask(`${this.#path}/blobs/uploads/${query}`, { method: 'POST', body: '' })
    await begun.body?.cancel()
    if (begun.status === 201) return
    const location = begun.headers.get('location')
    if (!location) throw new RegistryError('invalid', 'the registry gave no place for an upload')
    await this.#fill(await this.#placed(location, digest), await content())
  }

  async #placed(location: string, digest: string): Promise<string> {
    const url = new URL(location, `${await this.connection.scheme()}://registry.invalid`)
    url.searchParams.set('digest', digest)
    return url.host === 'registry.invalid' ? url.pathname + url.search : url.href
  }

  async #fill(place: string, content: Uint8Array | Response): Promise<void> {
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream' }
    const length = content instanceof Response ? content.headers.get('content-length') : String(content.length)
    if (length) headers['content-length'] = length
    const body = content instanceof Response ? (content.body ?? '') : content
    const init = { method: 'PUT', headers, body }
    await (await this.connection.ask(place, init)).body?.cancel()
  }

  /** Stores a manifest under a tag or its digest. */
  async put(reference: string, mediaType: string, bytes: Uint8Array): Promise<void> {
    const init = { method: 'PUT', headers: { 'content-type': mediaType }, body: bytes }
    await (await this.connection.ask(`${this.#path}/manifests/${reference}`, init)).body?.cancel()
  }
}
