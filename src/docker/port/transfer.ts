export interface ImageArchiveCalls {
  /** GET /images/get: images, by name or id, as one tar archive in the format of `docker save`. Resolves once it begins. */
  saveImages(references: readonly string[], signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /**
   * POST /images/load: takes such an archive. Resolves with the ids and names that the engine reports, names as it writes them. An engine
   * with the store of containerd may keep an image after a failure, and even after that report some of its content may be missing.
   */
  loadImages(archive: AsyncIterable<Uint8Array>, options: LoadOptions): Promise<LoadedImages>
}

export interface LoadOptions {
  signal: AbortSignal
  /** Called with each line that the engine prints. */
  onMessage?(text: string): void
}

export interface LoadedImages {
  ids: string[]
  names: string[]
}

export interface UsageCalls {
  /** GET /system/df: the bytes in each volume of a local driver, by name. Without those that the engine does not measure. */
  volumeSizes(signal: AbortSignal): Promise<Record<string, number>>
  /** GET /containers/{id}/changes: paths of its writable layer that differ from the image, parents of what differs included. */
  containerChanges(id: string, signal: AbortSignal): Promise<PathChange[]>
}

export interface PathChange {
  path: string
  kind: 'changed' | 'added' | 'removed'
}
