/** Files in containers, running or not. */
export interface FileStore {
  /** The facts about a path, without following a link at its end; undefined if nothing exists there. */
  statPath(id: string, path: string, signal: AbortSignal): Promise<PathFacts | undefined>
  /** A file or folder as a tar archive, whose root entry has the path's last name. */
  readArchive(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /**
   * Unpacks a tar archive in an existing folder. With `asUser`, the container's user owns everything; otherwise, the archive's
   * owners do.
   */
  writeArchive(
    id: string,
    directory: string,
    archive: AsyncIterable<Uint8Array>,
    options: { asUser: boolean },
    signal: AbortSignal,
  ): Promise<void>
  /** The whole file system as a tar archive, without volumes. */
  exportContainer(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /** Creates an image of the file system. Resolves to its id. */
  commit(id: string, options: CommitRequest, signal: AbortSignal): Promise<string>
}

interface PathFacts {
  type: 'directory' | 'symlink' | 'other'
  /** The target of a symbolic link, within the container. */
  linkTarget?: string
}

interface CommitRequest {
  /** Absent for an image without a name. */
  repository?: string
  tag?: string
  author?: string
  comment?: string
  /** Dockerfile instructions. */
  changes: string[]
  /** Pause the container in the meantime. */
  pause: boolean
}
