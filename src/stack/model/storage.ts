export interface Mount {
  type: 'volume' | 'bind' | 'tmpfs' | 'npipe' | 'cluster' | 'image'
  /** A key of `volumes`, an absolute host path, or absent for an anonymous volume. */
  source?: string
  target: string
  read_only?: boolean
  consistency?: string
  bind?: { propagation?: string; create_host_path?: boolean; selinux?: string; recursive?: string }
  volume?: { nocopy?: boolean; subpath?: string; labels?: Record<string, string> }
  /** The mode as a number; a string is octal. */
  tmpfs?: { size?: string; mode?: number | string }
  image?: { subpath?: string }
}

export interface Volume {
  name: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  labels?: Record<string, string>
}

/** A secret or a config: content from a file, from an environment variable, or (configs only) inline. */
export interface FileObject {
  name: string
  external?: boolean
  file?: string
  environment?: string
  content?: string
  labels?: Record<string, string>
  driver?: string
  template_driver?: string
}

export interface FileReference {
  source: string
  /** File name below `/run/secrets`, or an absolute path. */
  target?: string
  uid?: string
  gid?: string
  /** Permission bits as the specification's octal string, e.g. `0440`. */
  mode?: string
}
