import type { KeyObject } from 'node:crypto'
import { contentHash, plainPath } from '../bag/content-hash.ts'
import { BLOBS, INDEX } from '../bag/layout.ts'
import type { Sum } from '../bag/lists.ts'
import { dockerManifestText, indexText, OCI_LAYOUT } from '../images/layout.ts'
import { refused } from '../problem.ts'
import type { Compressed, Member, PackIndex } from '../types.ts'
import { checkArchive } from './archive-names.ts'
import { plainContent, type Sums } from './content.ts'
import type { PackFile } from './file.ts'
import { checkLists, type ReadText } from './lists.ts'
import type { Structure } from './structure.ts'
import { type CheckedImage, ImageCheck, strayBlob } from './verify-images.ts'

/** Members that are read at once: while one waits for a thread, another one is hashed. */
const AT_ONCE = 3

export interface Verifying {
  file: PackFile
  structure: Structure
  index: PackIndex
  read: ReadText
  signal: AbortSignal
  key?: KeyObject
  onProgress?: ((bytes: number) => void) | undefined
}

/** What a whole pack holds. */
export interface Found {
  images: CheckedImage[]
  /** Of the members below `data/`, as they are stored. */
  sums: Sum[]
}

/** Reads everything once, and refuses a pack in which anything is not as the lists and the index say. */
export async function verify(verifying: Verifying): Promise<Found> {
  const { structure, index, read, key } = verifying
  const sums = await checkLists(structure, read, key)
  checkIndex(structure, index)
  const plain = await checkContents(verifying, sums)
  const images = await checkImages(structure, index, read)
  if (contentHash({ sums: plain, images: index.images }) !== index.content)
    throw refused('the hash of the contents is not the one that it gives', INDEX)
  return { images, sums }
}

/** Each member of a folder that the index describes is in the index, once, and the other way round. */
function checkIndex({ members, byPath, base }: Structure, index: PackIndex): void {
  if (index.name !== base) throw refused(`it is the index of "${index.name}", and the folder is "${base}"`, INDEX)
  const described = [...index.volumes, ...index.dumps].map(({ path }) => path)
  for (const path of [...described, ...index.compressed.map((each) => each.path)])
    if (!byPath.has(`data/${path}`)) throw refused('the index lists it, but it is missing', `data/${path}`)
  const listed = new Set(described)
  const stray = members.find(({ path }) => /^data\/(?:volumes|dumps)\//.test(path) && !listed.has(path.slice(5)))
  if (stray) throw refused('the index does not list it', stray.path)
  for (const paths of [described, index.compressed.map(({ path }) => path)])
    if (new Set(paths).size !== paths.length) throw refused('it lists one file twice', INDEX)
  const wrong = index.compressed.find(({ path }) => !/^(?:volumes|dumps|files)\/.*\.gz$|^images\/blobs\//.test(path))
  if (wrong) throw refused('it is not a member that may be compressed', `data/${wrong.path}`)
}

/** @returns the checksums of the uncompressed contents */
async function checkContents(verifying: Verifying, sums: readonly Sum[]): Promise<Sum[]> {
  const compressed = new Map(verifying.index.compressed.map((each) => [`data/${each.path}`, each]))
  const plain: Sum[] = []
  const left = sums.values()
  const work = async () => {
    for (const sum of left) {
      verifying.signal.throwIfAborted()
      plain.push(await checkMember(verifying, sum, compressed.get(sum.path)))
    }
  }
  await all(Array.from({ length: AT_ONCE }, work))
  return plain
}

/** Waits until all have ended, so that nothing reads the file after a failure; rejects with the first failure. */
async function all(running: Promise<void>[]): Promise<void> {
  await Promise.allSettled(running)
  await Promise.all(running)
}

async function checkMember(verifying: Verifying, sum: Sum, declared: Compressed | undefined): Promise<Sum> {
  const member = verifying.structure.byPath.get(sum.path)
  if (!member) throw refused('it is missing', sum.path)
  let sums: Sums | undefined
  const content = plainContent(verifying.file, member, declared, (found) => {
    sums = found
  })
  const observed = observe(content, verifying)
  try {
    if (/^data\/(?:volumes|files)\//.test(sum.path)) await checkArchive(keptOpen(observed), sum.path)
    // What follows the end of an archive counts as well.
    for await (const _ of observed);
  } finally {
    await observed.return(undefined)
  }
  checkSums(member, { sum, sums, declared })
  verifying.onProgress?.(member.size)
  return declared ? { path: plainPath(sum.path), sha256: declared.sha256 } : sum
}

function checkSums(
  { path }: Member,
  { sum, sums, declared }: { sum: Sum; sums: Sums | undefined; declared: Compressed | undefined },
): void {
  if (sums?.stored !== sum.sha256) throw refused('its checksum is not the one in the list', path)
  if (declared && sums.plain !== declared.sha256) throw refused('its content is not what the index says', path)
  if (path.startsWith(BLOBS) && path !== `${BLOBS}${sum.sha256}`) throw refused('its name is not its checksum', path)
}

/** The stream for a reader that does not read it to its end: it stays open. */
function keptOpen(stream: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) }
}

async function* observe(content: AsyncIterable<Uint8Array>, { signal }: Verifying): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    signal.throwIfAborted()
    yield bytes
  }
}

async function checkImages(structure: Structure, index: PackIndex, read: ReadText): Promise<CheckedImage[]> {
  const check = new ImageCheck(structure, index.compressed, read)
  const images: CheckedImage[] = []
  for (const image of index.images) images.push(await check.check(image))
  const stray = strayBlob(structure, images)
  if (stray !== undefined) throw refused('no image needs it', stray)
  await checkImageFiles(structure, images, read)
  return images
}

/** The files with which other programs load the images say the same as the index. */
async function checkImageFiles({ byPath }: Structure, images: readonly CheckedImage[], read: ReadText): Promise<void> {
  const wanted = {
    'data/images/index.json': indexText(images),
    'data/images/manifest.json': dockerManifestText(images),
    'data/images/oci-layout': OCI_LAYOUT,
  }
  for (const [path, text] of Object.entries(wanted)) {
    if (images.length === 0 && !byPath.has(path)) continue
    if (!byPath.has(path)) throw refused('it is missing', path)
    if ((await read(path)).toString() !== text) throw refused('it does not list the images of the index', path)
  }
}
