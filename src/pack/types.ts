/** What goes into a pack, and what comes out of one. Formats and names: docs/packing.md. */

export type Bytes = AsyncIterable<Uint8Array>

/** What a writer takes. It reads each source once, in this order: files, images, volumes, dumps. */
export interface PackSource {
  /** The base folder in the pack: letters, digits, `.`, `_`, `-`; the project's name. */
  name: string
  about: PackAbout
  files: readonly FileSource[]
  images?: ImagesSource
  volumes: readonly VolumeSource[]
  dumps: readonly DumpSource[]
}

/** Facts that the index repeats, and the texts of README.md and the RO-Crate. */
export interface PackAbout {
  services: readonly string[]
  /** The stack files, in their order, relative to `stack/`. */
  stackFiles: readonly string[]
  /** `linux/amd64` */
  platform: string
  /** Why the pack is not whole, e.g. `the images are not in it`; empty if it is. */
  leftOut: readonly string[]
  secrets: readonly PackedSecret[]
  folders?: readonly PackedFolder[]
  /** `flotilla 0.1.0` */
  software: string
  /** The text of CITATION.cff. */
  citation?: string
}

/**
 * A file that becomes a member as it is; or, below `files/`, an archive of what members cannot be (links, owners, unusual names), which is
 * compressed: `files/stack.tar` for `stack/`, `files/outside/1.tar` for `outside/1/`, with the folder's last name as its root.
 */
export interface FileSource {
  /** Below `data/`, with slashes: `stack/stack.yaml`. */
  path: string
  /** Bytes, if they are known; a file of another size is an error. */
  size?: number
  executable?: boolean
  open(): Bytes
}

/** All images at once, as `docker save` writes them. */
export interface ImagesSource {
  images: readonly ImageSource[]
  /** Bytes, about. */
  size?: number
  open(): Promise<Bytes>
}

export interface ImageSource {
  /** What the engine was asked for: a name or an id. */
  saved: string
  /** The names that it gets when it is loaded. */
  names: readonly string[]
  /** What identifies its content on every engine (`lockfile`). */
  contentId: string
  services: readonly string[]
}

export interface VolumeSource {
  /** The key in the stack file. */
  name: string
  size?: number
  /** The driver and its options, if they are not the engine's own. */
  driver?: string
  options?: Readonly<Record<string, string>>
  /** A tar archive whose one root is `volume/`. */
  open(): Bytes
}

export interface DumpSource {
  service: string
  family: 'mysql' | 'postgresql'
  /** The volume whose content the dump replaces. */
  volume?: string
  size?: number
  /** SQL. */
  open(): Bytes
}

/** The content of `data/flotilla.json`. Paths are those of members, below `data/`. */
export interface PackIndex {
  format: 1
  name: string
  /** SHA-256 over the uncompressed contents, in hexadecimal: the same wherever and with whichever compression the pack was written. */
  content: string
  platform: string
  services: readonly string[]
  /** The stack files, in their order, relative to `stack/`. */
  stackFiles: readonly string[]
  leftOut: readonly string[]
  images: readonly PackedImage[]
  volumes: readonly PackedVolume[]
  dumps: readonly PackedDump[]
  folders: readonly PackedFolder[]
  secrets: readonly PackedSecret[]
  /** Of each compressed member, and of each layer: what it holds. Sorted by path. */
  compressed: readonly Compressed[]
}

export interface Compressed {
  path: string
  /** Bytes, uncompressed. */
  size: number
  /** SHA-256 of the uncompressed content, in hexadecimal. */
  sha256: string
}

export interface PackedImage {
  names: readonly string[]
  contentId: string
  services: readonly string[]
  /** `sha256:…` of the configuration, which is a member below `images/blobs/sha256/`. */
  config: string
  /** `sha256:…` of the manifest, likewise. */
  manifest: string
  /** `sha256:…` of the uncompressed layers, lowest first. */
  layers: readonly string[]
}

export interface PackedVolume {
  name: string
  path: string
  driver?: string
  options?: Readonly<Record<string, string>>
}

export interface PackedDump {
  service: string
  family: 'mysql' | 'postgresql'
  volume?: string
  path: string
}

/** A folder of the stack that does not lie beside the stack file. */
export interface PackedFolder {
  /** In the pack: `outside/1`. */
  path: string
  /** As the stack file names it: `../data`. */
  source: string
}

/** A secret that is not in the pack: its name, and where it must be supplied. */
export interface PackedSecret {
  name: string
  from: 'file' | 'environment' | 'variable'
  /** The path of the file, relative to the stack file, or the name of the variable. */
  place: string
}

/** One file of the bag. */
export interface Member {
  /** Below the base folder: `data/stack/stack.yaml`. */
  path: string
  /** Where its content begins in the file, and how many bytes it has, as stored. */
  offset: number
  size: number
  executable: boolean
}

/** A pack whose headers, names and limits were checked, but no checksum. */
export interface PackHeaders {
  index: PackIndex
  /** In the file's order. */
  members: readonly Member[]
  /** Bytes of the whole file. */
  size: number
  /** Whether it has a signature. */
  isSigned: boolean
}

/** A pack of which every byte was verified. Close it at the end; until then it holds the one descriptor through which all was read. */
export interface VerifiedPack extends PackHeaders {
  /** A member's content, uncompressed. @param path below `data/`: `volumes/data.tar.gz` */
  content(path: string): Bytes
  /**
   * The images as an archive for `docker load`, by their content ids; all without a choice. They have no names in it, so that loading
   * them moves none.
   */
  images(contentIds?: readonly string[]): Bytes
  close(): Promise<void>
}

export interface ReadOptions {
  signal: AbortSignal
  /** Called with the bytes that were read since the last call. */
  onProgress?(bytes: number): void
  limits?: Partial<Limits>
  /** A PEM text: the public key by which the pack must be signed. */
  key?: string
}

/** What a pack may hold at most. */
export interface Limits {
  members: number
  /** Bytes of all contents, uncompressed. */
  total: number
  /** Uncompressed bytes for each stored one. */
  ratio: number
  /** Bytes of a file that is held in memory: an index, a manifest. */
  text: number
}
