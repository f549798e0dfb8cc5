/** The files of a bag (RFC 8493), and the order in which they stand in the archive. */
export const BAGIT = 'bagit.txt'
export const README = 'README.md'
export const BAG_INFO = 'bag-info.txt'
export const MANIFEST = 'manifest-sha256.txt'
export const TAG_MANIFEST = 'tagmanifest-sha256.txt'
export const SIGNATURE = 'tagmanifest-sha256.txt.sig'
export const INDEX = 'data/flotilla.json'
export const CRATE = 'data/ro-crate-metadata.json'
export const BLOBS = 'data/images/blobs/sha256/'
export const IMAGE_FILES = ['index.json', 'manifest.json', 'oci-layout'].map((name) => `data/images/${name}`)

export const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** Below `data/`, the folder of a stack's own files. */
const STACK = 'stack'

/** The place of a file of the stack, below `data/`; of the project directory itself, if there is no name. */
export function stackPlace(name = ''): string {
  return name === '' ? STACK : [STACK, name].join('/')
}

/** Files that the tag manifest lists, in its order. */
export const TAG_FILES = [README, BAG_INFO, BAGIT, MANIFEST]
const LAST = [BAG_INFO, MANIFEST, TAG_MANIFEST, SIGNATURE]
const FOLDERS = [STACK, 'outside', 'files', 'images/blobs/sha256', 'images', 'volumes', 'dumps']
const SECTIONS = [...FOLDERS.map((folder) => `data/${folder}/`), INDEX, CRATE]

/** A member's place: sections follow each other in this order; undefined if a pack has no such member. */
export function sectionOf(path: string): number | undefined {
  if (path === BAGIT) return 0
  if (path === README) return 1
  const last = LAST.indexOf(path)
  if (last >= 0) return 2 + SECTIONS.length + last
  const section = SECTIONS.findIndex((each) => path === each || (each.endsWith('/') && path.startsWith(each)))
  return section < 0 ? undefined : 2 + section
}

/** Whether a member may follow another one. Within a section they are sorted by their bytes, except blobs, whose order is free. */
export function mayFollow(path: string, previous: string): boolean {
  const [section, before] = [sectionOf(path) ?? -1, sectionOf(previous) ?? -1]
  if (section !== before) return section > before
  return path.startsWith(BLOBS) ? path !== previous : byBytes(previous, path) < 0
}

/** Order of UTF-8 bytes. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
