import type { Attribute, DeviceMapping, Mount } from '../../stack/model.ts'
import { primaryNetwork } from '../../stack/networks.ts'
import type { AttributeFacts } from './attribute-facts.ts'
import { BUILD_PARTS, DEPLOY_PARTS } from './attribute-parts.ts'
import { isNamedDevice } from './named-device.ts'

const CREATED = { applied: 'create', compared: 'yes' } as const
const ELSEWHERE = { applied: 'elsewhere', compared: 'no' } as const

/**
 * Every attribute of a service: where it is applied, whether changing it recreates the container, and which engine version
 * introduced it. The checks for unsupported attributes, the reasons to recreate containers, and the tables of
 * docs/compose-support.md derive from this table. It is data, and stays in one file.
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
