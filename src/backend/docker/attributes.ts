import type { Attribute, Build, Deploy, DeviceMapping, Mount, Network, Service } from '../../stack/model.ts'
import { primaryNetwork } from '../../stack/networks.ts'
import { isNamedDevice } from './named-device.ts'

/** An attribute, or one of its values, that engines support only from some version on. */
export interface Since<T> {
  /** Path below the attribute; `*` matches any key or index. Absent: the attribute itself. */
  path?: string
  /** API version 1.44 is 144. */
  api: number
  /** The first release of Docker with that API. */
  docker: string
  /** The behaviour of an older engine; absent: the service is refused, since it would not be what its declaration asks for. */
  instead?: string
  /** The values that need it, for the table in docs/compose-support.md; all by default. */
  only?: string
  when?(value: unknown, keys: string[], subject: T): boolean
}

/** Who implements part of an attribute: an engine, only a swarm, or nobody. */
export type Carrier = 'engine' | 'swarm' | 'nobody'

export interface AttributeFacts {
  /** `create`: a row of `engine/lower` adds it to the create call. `elsewhere`: another step or command applies it. */
  applied: 'create' | 'elsewhere' | 'create and elsewhere'
  /**
   * Whether a change recreates the container. `no`: the attribute affects how or when a container is created, not what it is.
   * `apart`: only parts of it count, or the things that it refers to, see `fields.ts`.
   */
  compared: 'yes' | 'no' | 'apart'
  /** Source: https://docs.docker.com/reference/api/engine/version-history/ */
  since?: readonly Since<Service>[]
  /** The carriers of a mapping's parts; a part that is not listed has the attribute's own carrier. */
  parts?: Readonly<Record<string, Carrier>>
  /** Has an effect on Windows only; an engine on Linux ignores it silently. */
  windows?: true
  /** The command that applies it, if that is not `up`. */
  command?: string
}

const BUILD_PARTS = {
  additional_contexts: 'engine',
  args: 'engine',
  cache_from: 'engine',
  cache_to: 'engine',
  context: 'engine',
  dockerfile: 'engine',
  dockerfile_inline: 'engine',
  entitlements: 'nobody',
  extra_hosts: 'engine',
  isolation: 'engine',
  labels: 'engine',
  network: 'engine',
  no_cache: 'engine',
  no_cache_filter: 'engine',
  platforms: 'engine',
  privileged: 'nobody',
  provenance: 'nobody',
  pull: 'engine',
  sbom: 'nobody',
  secrets: 'engine',
  shm_size: 'engine',
  ssh: 'engine',
  tags: 'engine',
  target: 'engine',
  ulimits: 'engine',
} as const satisfies Record<Known<Build>, Carrier>

const DEPLOY_PARTS = {
  endpoint_mode: 'swarm',
  labels: 'swarm',
  mode: 'engine',
  placement: 'swarm',
  replicas: 'engine',
  resources: 'engine',
  'resources.reservations.cpus': 'swarm',
  'resources.reservations.generic_resources': 'swarm',
  restart_policy: 'engine',
  'restart_policy.delay': 'swarm',
  'restart_policy.window': 'swarm',
  rollback_config: 'engine',
  'rollback_config.failure_action': 'swarm',
  'rollback_config.max_failure_ratio': 'swarm',
  'rollback_config.monitor': 'swarm',
  update_config: 'engine',
} as const satisfies Record<Known<Deploy>, Carrier> & Record<string, Carrier>

type Known<T> = keyof { [K in keyof T as string extends K ? never : K]: true } & string

const CREATED = { applied: 'create', compared: 'yes' } as const
const ELSEWHERE = { applied: 'elsewhere', compared: 'no' } as const

/**
 * Every attribute of a service: where it is applied, whether changing it recreates the container, and which engine version
 * introduced it. The checks for unsupported attributes, the reasons to recreate containers, and the tables of
 * docs/compose-support.md derive from this table.
 */
export const ATTRIBUTES = {
  annotations: { ...CREATED, since: [{ api: 143, docker: '24', instead: 'the container gets none' }] },
  attach: ELSEWHERE,
  blkio_config: CREATED,
  build: { ...ELSEWHERE, parts: BUILD_PARTS },
  cap_add: CREATED,
  cap_drop: CREATED,
  cgroup: { ...CREATED, since: [{ api: 141, docker: '20.10', instead: 'the engine chooses' }] },
  cgroup_parent: CREATED,
  command: CREATED,
  configs: { applied: 'create', compared: 'apart' },
  container_name: { applied: 'elsewhere', compared: 'yes' },
  cpu_count: { ...CREATED, windows: true },
  cpu_percent: CREATED,
  cpu_period: CREATED,
  cpu_quota: CREATED,
  cpu_rt_period: CREATED,
  cpu_rt_runtime: CREATED,
  cpu_shares: CREATED,
  cpus: CREATED,
  cpuset: CREATED,
  credential_spec: { ...CREATED, windows: true },
  depends_on: ELSEWHERE,
  deploy: {
    applied: 'create',
    compared: 'apart',
    parts: DEPLOY_PARTS,
    since: [{ path: 'resources.reservations.devices', api: 140, docker: '19.03' }],
  },
  develop: { ...ELSEWHERE, command: 'watch' },
  device_cgroup_rules: CREATED,
  devices: {
    ...CREATED,
    since: [
      {
        path: '*',
        api: 144,
        docker: '25',
        only: 'names of the Container Device Interface',
        when: (device) => isNamedDevice(device as DeviceMapping),
      },
    ],
  },
  dns: CREATED,
  dns_opt: CREATED,
  dns_search: CREATED,
  domainname: CREATED,
  entrypoint: CREATED,
  env_file: ELSEWHERE,
  environment: CREATED,
  expose: CREATED,
  extends: ELSEWHERE,
  external_links: { applied: 'create and elsewhere', compared: 'yes' },
  extra_hosts: CREATED,
  gpus: { ...CREATED, since: [{ api: 140, docker: '19.03' }] },
  group_add: CREATED,
  healthcheck: {
    ...CREATED,
    since: [
      {
        path: 'start_interval',
        api: 144,
        docker: '25',
        instead: 'the engine tests at `interval` (flotilla itself tests at once while something waits)',
      },
    ],
  },
  hostname: CREATED,
  image: { applied: 'elsewhere', compared: 'yes' },
  init: CREATED,
  ipc: CREATED,
  isolation: CREATED,
  label_file: ELSEWHERE,
  labels: { applied: 'elsewhere', compared: 'yes' },
  links: { applied: 'create and elsewhere', compared: 'yes' },
  logging: CREATED,
  mac_address: CREATED,
  mem_limit: CREATED,
  mem_reservation: CREATED,
  mem_swappiness: CREATED,
  memswap_limit: CREATED,
  models: { applied: 'elsewhere', compared: 'yes' },
  network_mode: CREATED,
  networks: {
    applied: 'create and elsewhere',
    compared: 'apart',
    since: [
      { path: '*.gw_priority', api: 148, docker: '28', instead: 'the engine chooses the default gateway' },
      { path: '*.interface_name', api: 149, docker: '28.1', instead: 'the engine chooses the name' },
      {
        path: '*.mac_address',
        api: 144,
        docker: '25',
        instead: 'the engine chooses the address',
        only: 'all networks but the first',
        when: (_value, [key], service) => key !== primaryNetwork(service),
      },
    ],
  },
  oom_kill_disable: CREATED,
  oom_score_adj: CREATED,
  pid: CREATED,
  pids_limit: CREATED,
  platform: {
    applied: 'elsewhere',
    compared: 'yes',
    since: [{ api: 141, docker: '20.10', instead: 'the engine uses its own' }],
  },
  ports: CREATED,
  post_start: ELSEWHERE,
  pre_start: { applied: 'elsewhere', compared: 'yes' },
  pre_stop: ELSEWHERE,
  privileged: CREATED,
  profiles: ELSEWHERE,
  provider: ELSEWHERE,
  pull_policy: ELSEWHERE,
  pull_refresh_after: ELSEWHERE,
  read_only: CREATED,
  restart: CREATED,
  runtime: CREATED,
  scale: ELSEWHERE,
  secrets: { applied: 'create', compared: 'apart' },
  security_opt: CREATED,
  shm_size: CREATED,
  stdin_open: CREATED,
  stop_grace_period: { applied: 'create', compared: 'no' },
  stop_signal: CREATED,
  storage_opt: CREATED,
  sysctls: CREATED,
  tmpfs: CREATED,
  tty: CREATED,
  ulimits: CREATED,
  use_api_socket: CREATED,
  user: CREATED,
  userns_mode: CREATED,
  uts: CREATED,
  volumes: {
    ...CREATED,
    since: [
      { path: '*', api: 148, docker: '28', only: '`type: image`', when: (mount) => (mount as Mount).type === 'image' },
      {
        path: '*.bind.recursive',
        api: 144,
        docker: '25',
        only: '`readonly`',
        when: (value) => value === 'readonly',
      },
      { path: '*.volume.subpath', api: 145, docker: '26' },
    ],
  },
  volumes_from: CREATED,
  working_dir: CREATED,
} as const satisfies Record<Attribute, AttributeFacts>

/** The attributes of the create call: `engine/lower` has a row for each. */
export type CreateAttribute = {
  [K in Attribute]: (typeof ATTRIBUTES)[K]['applied'] extends 'elsewhere' ? never : K
}[Attribute]

/** The facts about a service's key; undefined for a key that is not an attribute, such as `x-…`. */
export function factsOf(attribute: string): AttributeFacts | undefined {
  return Object.hasOwn(ATTRIBUTES, attribute) ? ATTRIBUTES[attribute as Attribute] : undefined
}

/** The attributes that have this fact, with its value. */
function attributesWith<K extends keyof AttributeFacts>(key: K): [Attribute, NonNullable<AttributeFacts[K]>][] {
  return Object.entries(ATTRIBUTES as Record<string, AttributeFacts>).flatMap(([name, facts]) => {
    const value = facts[key]
    return value === undefined ? [] : [[name as Attribute, value as NonNullable<AttributeFacts[K]>]]
  })
}

/** Dotted paths below a service, e.g. `deploy.placement`. */
export function partsOf(carrier: Carrier): string[] {
  return attributesWith('parts').flatMap(([name, parts]) =>
    Object.entries(parts).flatMap(([part, each]) => (each === carrier ? [`${name}.${part}`] : [])),
  )
}

export const WINDOWS_ONLY = attributesWith('windows').map(([name]) => name)

/** Paths are relative to a service. */
export const SERVICE_SINCE: readonly (Since<Service> & { path: string })[] = attributesWith('since').flatMap(
  ([name, rows]) => rows.map((row) => ({ ...row, path: row.path === undefined ? name : `${name}.${row.path}` })),
)

/** The same for networks. */
export const NETWORK_SINCE: readonly (Since<Network> & { path: string })[] = [
  {
    path: 'enable_ipv4',
    api: 148,
    docker: '28',
    instead: 'the network has IPv4 addresses nevertheless',
    only: '`false`',
    when: (value) => value === false,
  },
]
