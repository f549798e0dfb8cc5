import type { FileReference } from './storage.ts'

export interface Build {
  context: string
  dockerfile?: string
  dockerfile_inline?: string
  args?: Record<string, string | null>
  target?: string
  labels?: Record<string, string>
  cache_from?: string[]
  network?: string
  extra_hosts?: string[]
  no_cache?: boolean
  no_cache_filter?: string[]
  pull?: boolean
  platforms?: string[]
  shm_size?: string
  tags?: string[]
  ulimits?: Record<string, number | { soft: number; hard: number }>
  /** By name: a directory, `docker-image://IMAGE`, `service:NAME`, or a URL. */
  additional_contexts?: Record<string, string>
  cache_to?: string[]
  entitlements?: string[]
  isolation?: string
  privileged?: boolean
  provenance?: string | boolean
  sbom?: string | boolean
  secrets?: FileReference[]
  /** `default`, `ID=PATH`. */
  ssh?: string[] | Record<string, string | null>
  [other: string]: unknown
}
