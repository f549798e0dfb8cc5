export interface FileCalls {
  /**
   * GET /containers/{id}/archive: the start of a regular file in a container, running or not, its volumes and directories included.
   * `undefined` where there is none. `limit` in bytes.
   */
  readFile(id: string, path: string, options: { limit: number }, signal?: AbortSignal): Promise<FileContent | undefined>
  /** PUT /containers/{id}/archive */
  putFiles(id: string, directory: string, files: FileEntry[]): Promise<void>
}

export interface ArchiveCalls {
  /** HEAD /containers/{id}/archive: what lies at a path of a container; a link at its end is not followed. `undefined` where there is nothing. */
  statPath(id: string, path: string, signal: AbortSignal): Promise<PathStat | undefined>
  /** GET /containers/{id}/archive: a file or folder as a tar archive, whose one root has the path's last name. Resolves once it begins. */
  getArchive(id: string, path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
  /**
   * PUT /containers/{id}/archive: unpacks a tar archive in a folder of a container. Entries keep their owners, or belong to the container's
   * user. A folder does not take the place of something else, nor the other way round.
   */
  putArchive(
    id: string,
    directory: string,
    archive: AsyncIterable<Uint8Array>,
    options: { asUser: boolean },
    signal: AbortSignal,
  ): Promise<void>
  /** GET /containers/{id}/export: the whole file system, without volumes, as a tar archive. Resolves once it begins. */
  exportContainer(id: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export interface PathStat {
  /** The last part of the path. */
  name: string
  /** Bytes. */
  size: number
  type: 'directory' | 'symlink' | 'other'
  /** Of a symbolic link: where it leads, within the container. */
  linkTarget?: string
}

export interface FileContent {
  /** Of the whole file, in bytes. */
  size: number
  content: Uint8Array
}

export interface FileEntry {
  /** Relative to the directory. */
  path: string
  content: Uint8Array
  mode: number
  uid: number
  gid: number
}
