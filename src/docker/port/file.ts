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
