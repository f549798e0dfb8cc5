import type { Mount, Service } from '../stack/model.ts'

/**
 * Content that leaves a backend and comes back on another one: images, volumes, databases. A part of a `Reader` that only some backends
 * have. All archives are streams, read and written once, with back-pressure: a slow reader slows the backend down instead of filling memory.
 * A stream that is not read to its end must be closed (`return`, as `for await` does), which removes what was made to read it.
 */
export interface Transfer {
  images: ImageTransfer
  volumes: VolumeTransfer
  dumps: DumpTransfer
  freezer: Freezer
}

/** Stops the processes of a container without ending them. A container that is frozen, or is not, already is fine. */
export interface Freezer {
  /** Resolves to false if that was not possible at this moment. */
  freeze(container: string): Promise<boolean>
  thaw(container: string): Promise<void>
}

export interface ImageTransfer {
  /** An image by name or id, with what identifies its content; undefined if there is none. */
  find(reference: string, signal: AbortSignal): Promise<ImageContent | undefined>
  /**
   * Several images in one archive, in the format of `docker save`: shared layers are in it once. Its own bytes are not deterministic on every
   * engine; the layers in it are.
   */
  out(references: readonly string[], signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /**
   * Loads the expected images that the backend lacks from an archive that gives them no names, compares what arrived with what was expected,
   * whatever the engine reported, and only then gives all of them their names. On failure, the images that were not there before are
   * removed again, and no name has moved. Resolves to the image ids, by content id.
   */
  in(
    archiveOf: (missing: readonly ExpectedImage[]) => AsyncIterable<Uint8Array>,
    expected: readonly ExpectedImage[],
    options: LoadOptions,
  ): Promise<ReadonlyMap<string, string>>
  /** The names that would move to another image. */
  moved(expected: readonly ExpectedImage[], options: Pick<LoadOptions, 'contentIdOf' | 'signal'>): Promise<string[]>
  /** `linux/amd64`: what the backend runs natively. */
  platform(signal: AbortSignal): Promise<string>
}

/** The facts about an image that are the same on every engine and store, and its id, which is not. */
export interface ImageContent {
  id: string
  tags: string[]
  /** `name@sha256:…`, one for each registry that it came from. */
  digests: string[]
  /** Bytes, uncompressed. */
  size: number
  os: string
  architecture: string
  variant: string
  /** RFC 3339, as the image has it; empty if it has none. */
  created: string
  /** The SHA-256 of each uncompressed layer, `sha256:…`, lowest first. */
  layers: string[]
  /** The image's configuration as the engine shows it, with its names; whether empty fields are there depends on the engine. */
  config: Readonly<Record<string, unknown>>
}

export interface ExpectedImage {
  /** The result of `contentIdOf` for it. */
  contentId: string
  /** The names that it gets; none is no error. */
  tags: readonly string[]
  /** The ids that an engine may give it: the digests of its configuration and of its manifest, `sha256:…`. */
  ids: readonly string[]
}

export interface LoadOptions {
  contentIdOf(image: ImageContent): string
  signal: AbortSignal
  /** Called with the engine's messages, one line each. */
  onMessage?(text: string): void
  /** Called before names move from other images; if it throws, they stay. */
  beforeMove?(names: readonly string[]): void
}

export interface VolumeTransfer {
  /** The volumes of a project, sorted by name: those with its label, and the anonymous ones of its containers. */
  list(project: string, options: { sizes: boolean }, signal: AbortSignal): Promise<KeptVolume[]>
  /**
   * A volume's content as a tar archive whose one root is `volume/`, read through a container that is never started. Sorted by name, the
   * same bytes for the same content. Lost: sockets, POSIX ACLs, extended attributes other than `security.capability`, fractions of seconds,
   * holes (they are read as zeros).
   * @param image any image of the backend: the container is made from it
   */
  out(volume: string, place: HolderPlace, signal: AbortSignal): AsyncGenerator<Uint8Array>
  /**
   * Creates a volume that counts as half filled until it is released: while a container that is never started marks it, `up` refuses to
   * use it. A volume that exists already is refused, unless an earlier command left it half filled: then it is removed first.
   */
  hold(volume: NewVolume, place: HolderPlace, signal: AbortSignal): Promise<HeldVolume>
  /** Only marks a volume that `up` is going to create and fill (`UpIntent.filling`). */
  mark(volume: string, place: HolderPlace, signal: AbortSignal): Promise<MarkedVolume>
  /** As `hold`, in place of a volume that exists already, which is removed. */
  replace(volume: NewVolume, place: HolderPlace, signal: AbortSignal): Promise<HeldVolume>
  /** A volume that an earlier command filled is whole. Marks with another id stay. @param id of its `MarkedVolume` */
  release(project: string, id: string, signal: AbortSignal): Promise<void>
  /** Removes what earlier commands left: containers that only read, and volumes that are half filled with the containers that hold them. */
  clear(project: string, options: { halfFilled: boolean }, signal: AbortSignal): Promise<Leftovers>
  /** Changes in the writable layers of a project's containers, which no volume holds. */
  changes(project: string, signal: AbortSignal): Promise<ContainerChanges[]>
}

export interface MarkedVolume {
  /** By which the volume and its mark belong together. */
  id: string
  /** It is whole. */
  release(): Promise<void>
  /** Removes it again. */
  undo(): Promise<void>
}

export interface HeldVolume extends MarkedVolume {
  /**
   * Unpacks an archive of the form that `out` gives. Every name and link is checked before it reaches the backend: nothing outside the
   * volume is written.
   */
  fill(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
}

/** Where a container is made that is never started. */
export interface HolderPlace {
  project: string
  /** Any image of the backend. */
  image: string
}

export interface KeptVolume {
  name: string
  /** The name in the stack file; absent for one that is anonymous. */
  key?: string
  driver: string
  labels: Readonly<Record<string, string>>
  options: Readonly<Record<string, string>>
  /** Bytes; absent if the backend does not know it. */
  bytes?: number
  /** The containers that mount it, and where; sorted by service. */
  users: { service: string; container: string; image: string; target: string }[]
}

export interface NewVolume {
  name: string
  /** The name in the stack file; absent for one that does not belong to the project. */
  key?: string
  driver?: string
  labels: Readonly<Record<string, string>>
  options?: Readonly<Record<string, string>>
}

/** Names, sorted. */
export interface Leftovers {
  readers: string[]
  halfFilled: string[]
}

export interface ContainerChanges {
  container: string
  service: string
  /** Paths, sorted; a mount's own folder and its parents are left out. */
  changed: { path: string; kind: 'changed' | 'added' | 'removed' }[]
}

export type DumpFamily = 'mysql' | 'postgresql'

/** Dumps by the clients in the server's own image. They are SQL text, the same for the same data. */
export interface DumpServer {
  family: DumpFamily
  /** The targets of writable mounts that hold its data. */
  homes: string[]
}

export interface DumpTransfer {
  /** The server that a container of the project runs; undefined if it is none of these. */
  familyOf(container: string, signal: AbortSignal): Promise<DumpFamily | undefined>
  /** The same for a container that a service would get. */
  declared(service: Service, image: ImageContent['config']): DumpFamily | undefined
  /** The writable mounts of a service in which such a server keeps its data. */
  homesOf(service: Service, family: DumpFamily, image: ImageContent['config']): Mount[]
  /** The same, with where it keeps its data. */
  serverIn(container: string, signal: AbortSignal): Promise<DumpServer | undefined>
  /** The server that a service declares, as far as its image's own settings do not matter. */
  declaredBy(service: Service): DumpServer | undefined
  /**
   * Every database of a running server but its own ones, as SQL that replaces what is there. Holds no password and no hash of one: users are
   * not in it (PostgreSQL: the names of roles are, since tables have owners).
   */
  out(container: string, family: DumpFamily, signal: AbortSignal): AsyncGenerator<Uint8Array>
  /** Loads such a dump into a running server; stops at the first error. */
  in(container: string, family: DumpFamily, dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
}
