import type { DeviceRequirement } from './limits.ts'

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
