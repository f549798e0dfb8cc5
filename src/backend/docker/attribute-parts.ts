import type { Build, Deploy } from '../../stack/model.ts'
import type { Carrier } from './attribute-facts.ts'

type Known<T> = keyof { [K in keyof T as string extends K ? never : K]: true } & string

export const BUILD_PARTS = {
  additional_contexts: 'engine',
  args: 'engine',
  cache_from: 'engine',
  cache_to: 'engine',
  context: 'engine',
  dockerfile: 'engine',
  dockerfile_inline: 'engine',
  entitlements: 'engine',
  extra_hosts: 'engine',
  isolation: 'engine',
  labels: 'engine',
  network: 'engine',
  no_cache: 'engine',
  no_cache_filter: 'engine',
  platforms: 'engine',
  privileged: 'nobody',
  provenance: 'engine',
  pull: 'engine',
  sbom: 'engine',
  secrets: 'engine',
  shm_size: 'engine',
  ssh: 'engine',
  tags: 'engine',
  target: 'engine',
  ulimits: 'engine',
} as const satisfies Record<Known<Build>, Carrier>

export const DEPLOY_PARTS = {
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
