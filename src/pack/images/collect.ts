import { posix } from 'node:path'
import { type ReadEntry, readTar } from '../../archive/read-tar.ts'
import { BLOBS } from '../bag/layout.ts'
import { unwritable } from '../problem.ts'
import type { Bytes, Compressed } from '../types.ts'
import { gzipStream } from '../write/gzip.ts'
import { Measure } from '../write/measure.ts'
import type { Output } from '../write/output.ts'
import { type Kind, kindOf, peek, throughGunzip } from './layer-bytes.ts'

/** Registries accept no larger configuration or manifest. What is larger (lists of packages) describes an image, and is no part of it. */
const LARGEST_TEXT = 4 * 1024 * 1024
const ANY_SHA256 = '0'.repeat(64)

/** A layer as the pack holds it. */
export interface Layer {
  /** SHA-256 of the uncompressed layer. */
  diffId: string
  /** Bytes, uncompressed. */
  plainSize: number
  /** Of the blob. */
  digest: string
  size: number
  isCompressed: boolean
}

/** What an archive of images holds, once it is read: layers are in the pack already. */
export interface Collected {
  /** JSON files, by path. */
  texts: ReadonlyMap<string, Buffer>
  layerAt(path: string): Layer | undefined
}

/**
 * Reads what `docker save` writes, in the form of engines before 25 (`ID/layer.tar`, `manifest.json`) or as an OCI layout, and writes each
 * layer into the pack, once. Layers that are compressed already stay as they are.
 */
export class LayerCollector {
  readonly #texts = new Map<string, Buffer>()
  readonly #links = new Map<string, string>()
  readonly #layers = new Map<string, Layer>()
  /** By what the layer is known as: `diffId`. */
  readonly #known = new Map<string, Layer>()

  constructor(
    readonly output: Output,
    readonly compress: boolean,
  ) {}

  async read(archive: Bytes): Promise<Collected> {
    for await (const entry of readTar(archive)) await this.#take(entry)
    return { texts: this.#texts, layerAt: (path) => this.#layers.get(this.#resolved(path)) }
  }

  /** Of each layer that is compressed. */
  get compressed(): Compressed[] {
    return [...new Set(this.#known.values())]
      .filter(({ isCompressed }) => isCompressed)
      .map(({ digest, plainSize, diffId }) => ({
        path: `${BLOBS}${digest}`.slice('data/'.length),
        size: plainSize,
        sha256: diffId,
      }))
  }

  async #take(entry: ReadEntry): Promise<void> {
    const path = posix.normalize(entry.path)
    if (entry.type === 'symlink') this.#links.set(path, posix.join(posix.dirname(path), entry.linkTarget))
    if (entry.type === 'link') this.#links.set(path, posix.normalize(entry.linkTarget))
    if (entry.type !== 'file') return
    const known = this.#known.get(posix.basename(path))
    if (known) return void this.#layers.set(path, known)
    const { head, all } = await peek(entry.content)
    const kind = kindOf(head)
    if (kind === 'other') return this.#keepText(path, entry.size, all)
    this.#layers.set(path, await this.#store(path, kind, all))
  }

  async #keepText(path: string, size: number, content: Bytes): Promise<void> {
    if (size > LARGEST_TEXT || !/^(?:blobs\/|[^/]+\.json$)/.test(path)) return
    const pieces: Uint8Array[] = []
    for await (const bytes of content) pieces.push(bytes)
    this.#texts.set(path, Buffer.concat(pieces))
  }

  async #store(path: string, kind: Kind, content: Bytes): Promise<Layer> {
    if (kind === 'zstd')
      throw unwritable(`the layer "${path}" is compressed with zstd, which engines before 23 cannot load`)
    const plain = new Measure()
    const isCompressed = kind === 'gzip' || this.compress
    const stored = kind === 'gzip' ? throughGunzip(content, plain) : plain.through(content)
    let layer: Layer | undefined
    const written = await this.output.add(
      { path: `${BLOBS}${ANY_SHA256}` },
      kind === 'tar' && this.compress ? gzipStream(stored) : stored,
      (digest) => {
        const diffId = plain.sha256()
        layer = this.#known.get(diffId)
        if (layer) return undefined
        layer = { diffId, plainSize: plain.size, digest, size: 0, isCompressed }
        return `${BLOBS}${digest}`
      },
    )
    if (!layer) throw unwritable(`the layer "${path}" could not be read`)
    if (written) layer.size = written.size
    this.#known.set(layer.diffId, layer)
    if (kind === 'gzip') this.#known.set(layer.digest, layer)
    return layer
  }

  /** Engines write a layer once, and links where it is used again. */
  #resolved(path: string): string {
    let at = posix.normalize(path)
    for (let steps = 0; steps < 10 && this.#links.has(at); steps++) at = this.#links.get(at) ?? at
    return at
  }
}
