import type { Build } from './model/build.ts'
import type { Deploy } from './model/deploy.ts'
import type { BlockLimits, DeviceMapping, DeviceRequirement } from './model/limits.ts'
import type { Attachment, Network, Port } from './model/network.ts'
import type { Dependency, Healthcheck, Hook, Model, PreStart } from './model/process.ts'
import type { FileObject, FileReference, Mount, Volume } from './model/storage.ts'

export type * from './model/build.ts'
export type * from './model/deploy.ts'
export type * from './model/limits.ts'
export type * from './model/network.ts'
export type * from './model/process.ts'
export type * from './model/storage.ts'

/**
 * The stack in canonical form: plain JSON data with the Compose Specification's key names, all short syntax expanded, all paths
 * absolute, all defaults filled in. `flotilla config` prints it, and it is the only declaration that planning sees. Durations are Go
 * duration strings (`1m30s`), byte sizes are decimal strings, as `docker compose config` prints them.
 * Source: https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export interface Stack {
  name: string
  /** The separator in names of containers and built images; absent means `-`. Compose 1 used `_`. */
  separator?: '_'
  /** The platform of services that declare none (DOCKER_DEFAULT_PLATFORM). */
  defaultPlatform?: string
  services: Record<string, Service>
  /** Declared services with inactive profiles: never started, but still part of the stack when it is taken down. */
  inactive: Record<string, Service>
  networks: Record<string, Network>
  volumes: Record<string, Volume>
  secrets: Record<string, FileObject>
  configs: Record<string, FileObject>
  /** Language models; absent if none is declared. */
  models?: Record<string, Model>
  origin: Origin
  /**
   * SHA-256 (hex) of the content of each secret, config or seccomp profile, keyed `secret/NAME`, `config/NAME`, `file/PATH`; absent
   * if the content is unknown.
   */
  digests: Record<string, string>
}

export interface Origin {
  /** Absolute. The base of relative paths in the files. */
  workingDir: string
  /** Absolute paths of the loaded files, in order; `-` for standard input. */
  configFiles: string[]
  /** Absolute paths of the env files that the user named; absent if only `.env` was read. */
  envFiles?: string[]
}

export interface Service {
  image?: string
  build?: Build
  command?: string[] | null
  entrypoint?: string[] | null
  container_name?: string
  environment?: Record<string, string | null>
  labels?: Record<string, string>
  annotations?: Record<string, string>
  depends_on?: Record<string, Dependency>
  ports?: Port[]
  expose?: string[]
  volumes?: Mount[]
  volumes_from?: string[]
  networks?: Record<string, Attachment | null>
  network_mode?: string
  secrets?: FileReference[]
  configs?: FileReference[]
  healthcheck?: Healthcheck
  restart?: string
  profiles?: string[]
  pull_policy?: string
  platform?: string
  deploy?: Deploy
  scale?: number
  user?: string
  working_dir?: string
  hostname?: string
  domainname?: string
  tty?: boolean
  stdin_open?: boolean
  init?: boolean
  privileged?: boolean
  read_only?: boolean
  stop_signal?: string
  stop_grace_period?: string
  cap_add?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  devices?: DeviceMapping[]
  device_cgroup_rules?: string[]
  dns?: string[]
  dns_opt?: string[]
  dns_search?: string[]
  extra_hosts?: string[]
  links?: string[]
  external_links?: string[]
  group_add?: string[]
  ipc?: string
  pid?: string
  uts?: string
  cgroup?: string
  cgroup_parent?: string
  userns_mode?: string
  isolation?: string
  runtime?: string
  shm_size?: string
  sysctls?: Record<string, string>
  tmpfs?: string[]
  ulimits?: Record<string, number | { soft: number; hard: number }>
  logging?: { driver?: string; options?: Record<string, string> }
  mac_address?: string
  mem_limit?: string
  mem_reservation?: string
  memswap_limit?: string
  mem_swappiness?: number
  cpus?: number
  cpu_count?: number
  cpu_percent?: number
  cpu_period?: string
  cpu_quota?: string
  cpu_rt_period?: string
  cpu_rt_runtime?: string
  cpu_shares?: number
  cpuset?: string
  oom_kill_disable?: boolean
  oom_score_adj?: number
  pids_limit?: number
  storage_opt?: Record<string, string>
  blkio_config?: BlockLimits
  credential_spec?: { config?: string; file?: string; registry?: string }
  gpus?: DeviceRequirement[]
  use_api_socket?: boolean
  pull_refresh_after?: string
  /** Run one after the other in the started container, which counts as started after that. */
  post_start?: Hook[]
  /** Run in the container before it is stopped. */
  pre_stop?: Hook[]
  /** Each runs to completion in a separate container before the service's container starts. */
  pre_start?: PreStart[]
  /** An external program in place of a container. */
  provider?: { type: string; options?: Record<string, unknown> }
  /** The language models that the service uses, by key of the stack. */
  models?: Record<string, { endpoint_var?: string; model_var?: string } | null>
  attach?: boolean
  develop?: unknown
  env_file?: unknown
  extends?: unknown
  label_file?: unknown
  /** Extensions (`x-*`). */
  [other: string]: unknown
}

/** The attributes of a service; the index signature would make every string one. */
export type Attribute = keyof { [K in keyof Service as string extends K ? never : K]: true } & string
