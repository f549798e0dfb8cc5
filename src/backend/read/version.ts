/** The version of a backend; for one Docker engine `28.5.1` with API `1.51` on `linux/amd64`. */
export interface BackendVersion {
  version: string
  apiVersion: string
  os: string
  arch: string
}

export interface VersionReader {
  version(signal: AbortSignal): Promise<BackendVersion>
}
