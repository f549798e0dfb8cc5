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

export interface Model {
  name?: string
  model?: string
  context_size?: number
  runtime_flags?: string[]
}

export interface Hook {
  command: string[]
  user?: string
  privileged?: boolean
  working_dir?: string
  environment?: Record<string, string | null>
}

export interface PreStart extends Hook {
  /** The service's own image if absent. */
  image?: string
  /** Whether to run it for each container; by default it runs once, with the volumes of the first one. */
  per_replica?: boolean
}

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

export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully'

export interface Dependency {
  condition: Condition
  required: boolean
  restart?: boolean
}

export interface Port {
  mode?: string
  host_ip?: string
  /** Container port, 1 to 65535. */
  target: number
  /** Host port, or a range `8000-8010` to choose from; absent: the engine chooses. */
  published?: string
  protocol?: string
  name?: string
  app_protocol?: string
}

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

export interface Attachment {
  aliases?: string[]
  ipv4_address?: string
  ipv6_address?: string
  link_local_ips?: string[]
  mac_address?: string
  driver_opts?: Record<string, string>
  priority?: number
  gw_priority?: number
  interface_name?: string
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

export interface Healthcheck {
  /** `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", "…"]`; absent: the image's test. */
  test?: string[]
  interval?: string
  timeout?: string
  retries?: number
  start_period?: string
  start_interval?: string
  disable?: boolean
}

export interface DeviceMapping {
  source: string
  target?: string
  permissions?: string
}

export interface BlockLimits {
  /** 10 to 1000. */
  weight?: number
  weight_device?: { path: string; weight: number }[]
  /** Bytes per second, as decimal strings or numbers. */
  device_read_bps?: BlockRate[]
  device_write_bps?: BlockRate[]
  /** Operations per second. */
  device_read_iops?: BlockRate[]
  device_write_iops?: BlockRate[]
}

export interface BlockRate {
  path: string
  rate: string | number
}

/** GPUs, or other devices that a driver provides. */
export interface DeviceRequirement {
  capabilities?: string[]
  /** -1 means all of them. */
  count?: number | string
  device_ids?: string[]
  driver?: string
  options?: Record<string, string>
}

export interface Deploy {
  mode?: string
  replicas?: number
  labels?: Record<string, string>
  endpoint_mode?: string
  resources?: { limits?: ResourceSpec; reservations?: ResourceSpec }
  restart_policy?: { condition?: string; delay?: string; max_attempts?: number; window?: string }
  update_config?: UpdateConfig
  rollback_config?: UpdateConfig
  placement?: Record<string, unknown>
}

export interface ResourceSpec {
  cpus?: number
  memory?: string
  pids?: number
  devices?: DeviceRequirement[]
}

export interface UpdateConfig {
  parallelism?: number
  delay?: string
  monitor?: string
  failure_action?: string
  max_failure_ratio?: number
  order?: string
}

export interface Network {
  name: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  attachable?: boolean
  internal?: boolean
  enable_ipv4?: boolean
  enable_ipv6?: boolean
  labels?: Record<string, string>
  ipam?: { driver?: string; options?: Record<string, string>; config?: IpamPool[] }
}

export interface IpamPool {
  subnet?: string
  gateway?: string
  ip_range?: string
  aux_addresses?: Record<string, string>
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
