/** Files in containers, running or not. */
export interface FileStore {
  /** What lies at a path; a link at its end is not followed. Undefined where there is nothing. */
  statPath(id: string, path: string, signal: AbortSignal): Promise<PathFacts | undefined>
  /** A file or folder as a tar archive, whose one root has the path's last name. */
  readArchive(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** Unpacks a tar archive in a folder that is there; with `asUser` everything belongs to the container's user, else to the archive's owners. */
  writeArchive(
    id: string,
    directory: string,
    archive: AsyncIterable<Uint8Array>,
    options: { asUser: boolean },
    signal: AbortSignal,
  ): Promise<void>
  /** The whole file system, without volumes, as a tar archive. */
  exportContainer(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** Makes an image of the file system. Resolves to its id. */
  commit(id: string, options: CommitRequest, signal: AbortSignal): Promise<string>
}

export interface PathFacts {
  type: 'directory' | 'symlink' | 'other'
  /** Of a symbolic link: where it leads, within the container. */
  linkTarget?: string
}

export interface CommitRequest {
  /** Absent: the image has no name. */
  repository?: string
  tag?: string
  author?: string
  comment?: string
  /** Instructions of a Dockerfile. */
  changes: string[]
  /** Whether the container stands still meanwhile. */
  pause: boolean
}
