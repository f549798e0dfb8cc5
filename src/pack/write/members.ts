import type { KeyObject } from 'node:crypto'
import { bagInfoText } from '../about/bag-info.ts'
import { readCitation } from '../about/citation.ts'
import { crateText } from '../about/crate.ts'
import { readmeText } from '../about/readme.ts'
import { contentHash, plainPath } from '../bag/content-hash.ts'
import * as layout from '../bag/layout.ts'
import { sumLines } from '../bag/lists.ts'
import { type WrittenImages, writeImages } from '../images/write-images.ts'
import { unwritable } from '../problem.ts'
import { signed } from '../sign.ts'
import type {
  Bytes,
  Compressed,
  DumpSource,
  FileSource,
  PackedDump,
  PackedVolume,
  PackIndex,
  PackSource,
  VolumeSource,
} from '../types.ts'
import { checkedFiles } from './check-files.ts'
import { fileName } from './file-name.ts'
import { gzipStream } from './gzip.ts'
import { Measure } from './measure.ts'
import type { Output } from './output.ts'

export interface MemberOptions {
  signal: AbortSignal
  compress: 'gzip' | 'none'
  onProgress?(bytes: number): void
}

/** Writes all members of a pack, in the order of the format. */
export async function writeMembers(
  output: Output,
  source: PackSource,
  options: MemberOptions,
  key: KeyObject | undefined,
): Promise<PackIndex> {
  const writing = new Writing(output, options)
  await output.addText(layout.BAGIT, layout.BAGIT_TEXT)
  await output.addText(layout.README, readmeText(source))
  for (const file of checkedFiles(source.files)) await writing.file(file)
  const images = await writing.images(source)
  const volumes = await writing.volumes(source.volumes)
  const dumps = await writing.dumps(source.dumps)
  const index = writing.index(source, { images, volumes, dumps })
  await output.addText(layout.INDEX, `${JSON.stringify(index, undefined, 1)}\n`)
  await writeDescriptions(output, index, source)
  await writeTags(output, key)
  return index
}

async function writeDescriptions(output: Output, index: PackIndex, { about }: PackSource): Promise<void> {
  const files = payloadOf(output).map(({ path, size, sha256 }) => ({ path: path.slice('data/'.length), size, sha256 }))
  await output.addText(layout.CRATE, crateText(index, files, await readCitation(about.citation ?? '')))
  const payload = payloadOf(output)
  const bytes = payload.reduce((total, { size }) => total + size, 0)
  const facts = { name: index.name, software: about.software, payload: { bytes, files: payload.length } }
  await output.addText(layout.BAG_INFO, bagInfoText(facts))
  await output.addText(layout.MANIFEST, sumLines(payload))
}

async function writeTags(output: Output, key: KeyObject | undefined): Promise<void> {
  const sums = layout.TAG_FILES.flatMap((path) => output.written.filter((member) => member.path === path))
  const text = Buffer.from(sumLines(sums))
  await output.addText(layout.TAG_MANIFEST, text)
  if (key) await output.addText(layout.SIGNATURE, signed(text, key))
}

function payloadOf(output: Output) {
  return output.written.filter(({ path }) => path.startsWith('data/'))
}

function byPath<T>(sources: readonly T[], pathOf: (source: T) => string): [string, T][] {
  return sources
    .map((source): [string, T] => [pathOf(source), source])
    .sort(([one], [other]) => layout.byBytes(`${one}.gz`, `${other}.gz`))
}

class Writing {
  readonly #compressed: Compressed[] = []

  constructor(
    readonly output: Output,
    readonly options: MemberOptions,
  ) {}

  async file({ path, size, executable = false, open }: FileSource): Promise<void> {
    if (path.startsWith('files/')) return void (await this.compressed(path, open()))
    const written = await this.output.add({ path: `data/${path}`, executable }, this.#observed(open()))
    if (size !== undefined && written?.size !== size)
      throw unwritable(`"${path}" changed while it was read`, 'pack again once nothing writes to it')
  }

  /** Adds a member that may be compressed. @returns its path below `data/` */
  async compressed(path: string, content: Bytes): Promise<string> {
    const isPlain = this.options.compress === 'none'
    const member = `${path}${isPlain ? '' : '.gz'}`
    const plain = new Measure()
    const measured = plain.through(this.#observed(content))
    await this.output.add({ path: `data/${member}` }, isPlain ? measured : gzipStream(measured))
    if (!isPlain) this.#compressed.push({ path: member, size: plain.size, sha256: plain.sha256() })
    return member
  }

  async volumes(sources: readonly VolumeSource[]): Promise<PackedVolume[]> {
    const packed: PackedVolume[] = []
    for (const [path, { open, size: _, ...volume }] of byPath(sources, ({ name }) => `volumes/${fileName(name)}.tar`))
      packed.push({ ...volume, path: await this.compressed(path, open()) })
    return packed
  }

  async dumps(sources: readonly DumpSource[]): Promise<PackedDump[]> {
    const packed: PackedDump[] = []
    for (const [path, { open, size: _, ...dump }] of byPath(sources, ({ service }) => `dumps/${fileName(service)}.sql`))
      packed.push({ ...dump, path: await this.compressed(path, open()) })
    return packed
  }

  async images({ images }: PackSource): Promise<PackIndex['images']> {
    if (!images) return []
    const observe = (archive: Bytes) => this.#observed(archive)
    const compress = this.options.compress !== 'none'
    const written: WrittenImages = await writeImages(this.output, images, { compress, observe })
    this.#compressed.push(...written.compressed)
    return written.images
  }

  index(source: PackSource, parts: Pick<PackIndex, 'images' | 'volumes' | 'dumps'>): PackIndex {
    const compressed = [...this.#compressed].sort((one, other) => layout.byBytes(one.path, other.path))
    const { platform, services, stackFiles, leftOut, secrets, folders = [] } = source.about
    const content = contentHash({ sums: plainSums(this.output, compressed), images: parts.images })
    return {
      format: 1,
      name: source.name,
      content,
      platform,
      services,
      stackFiles,
      leftOut,
      ...parts,
      folders,
      secrets,
      compressed,
    }
  }

  async *#observed(source: Bytes): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      this.options.signal.throwIfAborted()
      this.options.onProgress?.(bytes.length)
      yield bytes
    }
  }
}

function plainSums(output: Output, compressed: readonly Compressed[]) {
  const plain = new Map(
    compressed.map(({ path, sha256 }) => [`data/${path}`, { path: `data/${plainPath(path)}`, sha256 }]),
  )
  return output.written.map((member) => plain.get(member.path) ?? member)
}
