import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers a request in the registry's place; undefined leaves it to the registry. */
export type Twist = (request: IncomingMessage, response: ServerResponse, registry: SmallRegistry) => boolean | undefined

/** What of the OCI distribution specification publishing and fetching use, on the loopback interface, in memory. */
export class SmallRegistry {
  readonly blobs = new Map<string, Buffer>()
  /** By repository and tag or digest. */
  readonly manifests = new Map<string, { type: string; bytes: Buffer }>()
  /** Every request, with its credentials. */
  readonly asked: { method: string; path: string; authorization: string | undefined }[] = []
  address = ''

  constructor(public twist: Twist = () => undefined) {}

  /** Puts a manifest under a tag; resolves to its digest. */
  store(name: string, tag: string, manifest: unknown, type = 'application/vnd.oci.image.manifest.v1+json'): string {
    const bytes = Buffer.from(JSON.stringify(manifest))
    const digest = digestOf(bytes)
    for (const key of [tag, digest]) this.manifests.set(`${name} ${key}`, { type, bytes })
    return digest
  }

  /** Stores a blob, and describes it. */
  blob(content: string, mediaType: string, annotations: Record<string, string> = {}) {
    const bytes = Buffer.from(content)
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.length, annotations }
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request
    this.asked.push({ method, path: url, authorization: headers.authorization })
    if (this.twist(request, response, this)) return
    const { 1: name = '', 2: kind, 3: what = '' } = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(url) ?? []
    if (url === '/v2/') return void end(response, 200)
    if (method === 'POST') return void end(response, 202, { location: `/v2/${name}/blobs/uploads/1` })
    if (method === 'PUT') return void this.#put(request, response, kind, name, what)
    this.#give(response, kind === 'manifests' ? this.manifests.get(`${name} ${what}`) : this.#blobOf(what), method)
  }

  #blobOf(digest: string) {
    const bytes = this.blobs.get(digest)
    return bytes && { type: 'application/octet-stream', bytes }
  }

  #give(response: ServerResponse, found: { type: string; bytes: Buffer } | undefined, method: string): void {
    if (!found)
      return void end(response, 404, {}, JSON.stringify({ errors: [{ code: 'X', message: 'it is unknown' }] }))
    const headers = { 'content-type': found.type, 'docker-content-digest': digestOf(found.bytes) }
    response.writeHead(200, { ...headers, 'content-length': found.bytes.length })
    response.end(method === 'HEAD' ? undefined : found.bytes)
  }

  async #put(request: IncomingMessage, response: ServerResponse, kind: string | undefined, name: string, what: string) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const type = request.headers['content-type'] ?? ''
    if (kind === 'manifests')
      for (const key of [what, digestOf(bytes)]) this.manifests.set(`${name} ${key}`, { type, bytes })
    else this.blobs.set(digestOf(bytes), bytes)
    end(response, 201)
  }
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function end(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  response.writeHead(status, headers).end(body)
}

/** Runs with a registry that listens; it is gone afterwards. */
export function withSmallRegistry<T>(body: (registry: SmallRegistry) => Promise<T>, twist?: Twist): Promise<T> {
  return withRegistryAt([0], body, twist)
}

/** Runs with a registry that listens on the first of these ports that is free. */
export async function withRegistryAt<T>(
  ports: readonly number[],
  body: (registry: SmallRegistry) => Promise<T>,
  twist?: Twist,
): Promise<T> {
  const registry = new SmallRegistry(twist)
  const server = createServer((request, response) => registry.answer(request, response))
  registry.address = `127.0.0.1:${await listen(server, ports)}`
  try {
    return await body(registry)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function listen(server: Server, [port, ...others]: readonly number[]): Promise<number> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return (server.address() as AddressInfo).port
  } catch (thrown) {
    if (others.length === 0) throw thrown
    return listen(server, others)
  }
}
