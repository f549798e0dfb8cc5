import type { HostConfig } from '../../../docker/spec.ts'
import type { Deploy, ResourceSpec } from '../../../stack/model.ts'
import { bytes, milliseconds } from '../../../stack/units.ts'
import { ulimitsOf } from '../../docker/ulimits.ts'
import { deviceRequest, request } from './devices.ts'
import { sharedSpace } from './network.ts'
import { type Rows, texts } from './row.ts'

/** Resources, namespaces, and the behaviour at the container's end. */
export const limitRows = {
  restart: (value, { host }) => {
    host.RestartPolicy = restartPolicy(value)
  },
  deploy: (value, { host }) => {
    applyDeploy(value, host)
  },
  ipc: (value, { host }, { stack }) => {
    host.IpcMode = sharedSpace(value, stack)
  },
  pid: (value, { host }, { stack }) => {
    host.PidMode = sharedSpace(value, stack)
  },
  uts: (value, { host }) => {
    host.UTSMode = value
  },
  cgroup: (value, { host }) => {
    host.CgroupnsMode = value
  },
  cgroup_parent: (value, { host }) => {
    host.CgroupParent = value
  },
  isolation: (value, { host }) => {
    host.Isolation = value
  },
  runtime: (value, { host }) => {
    host.Runtime = value
  },
  shm_size: (value, { host }) => {
    host.ShmSize = bytes(value)
  },
  sysctls: (value, { host }) => {
    host.Sysctls = texts(value)
  },
  ulimits: (value, { host }) => {
    host.Ulimits = ulimitsOf(value)
  },
  logging: (value, { host }) => {
    host.LogConfig = { Type: value.driver ?? '', Config: texts(value.options ?? {}) }
  },
  mem_limit: (value, { host }) => {
    host.Memory = bytes(value)
  },
  mem_reservation: (value, { host }) => {
    host.MemoryReservation = bytes(value)
  },
  memswap_limit: (value, { host }) => {
    host.MemorySwap = value === '-1' ? -1 : bytes(value)
  },
  mem_swappiness: (value, { host }) => {
    host.MemorySwappiness = value
  },
  cpus: (value, { host }) => {
    host.NanoCpus = Math.round(Number(value) * 1e9)
  },
  cpu_count: (value, { host }) => {
    host.CpuCount = value
  },
  cpu_percent: (value, { host }) => {
    host.CpuPercent = value
  },
  cpu_period: (value, { host }) => {
    host.CpuPeriod = microseconds(value)
  },
  cpu_quota: (value, { host }) => {
    host.CpuQuota = microseconds(value)
  },
  cpu_rt_period: (value, { host }) => {
    host.CpuRealtimePeriod = microseconds(value)
  },
  cpu_rt_runtime: (value, { host }) => {
    host.CpuRealtimeRuntime = microseconds(value)
  },
  cpu_shares: (value, { host }) => {
    host.CpuShares = value
  },
  cpuset: (value, { host }) => {
    host.CpusetCpus = value
  },
  oom_kill_disable: (value, { host }) => {
    host.OomKillDisable = value
  },
  oom_score_adj: (value, { host }) => {
    host.OomScoreAdj = value
  },
  pids_limit: (value, { host }) => {
    host.PidsLimit = value
  },
} satisfies Rows

/** `on-failure:3` includes the number of attempts. */
function restartPolicy(text: string): { Name: string; MaximumRetryCount: number } {
  const [name = 'no', tries] = text.split(':')
  return { Name: name, MaximumRetryCount: tries ? Number(tries) : 0 }
}

/** The engine's name for each condition; the others have the same name. */
const DEPLOY_CONDITION: Record<string, string> = { none: 'no', any: 'always' }

/** Where `deploy` sets a value, it overrides the service's own attributes (Compose Deploy Specification). */
function applyDeploy(deploy: Deploy, host: HostConfig): void {
  const policy = deploy.restart_policy
  if (policy) {
    const condition = policy.condition ?? 'any'
    const name = DEPLOY_CONDITION[condition] ?? condition
    host.RestartPolicy = { Name: name, MaximumRetryCount: name === 'on-failure' ? (policy.max_attempts ?? 0) : 0 }
  }
  applyLimits(deploy.resources?.limits, host)
  const { memory, devices } = deploy.resources?.reservations ?? {}
  if (memory !== undefined) host.MemoryReservation = bytes(memory)
  if (devices) request(host, devices.map(deviceRequest))
}

function applyLimits(limits: ResourceSpec | undefined, host: HostConfig): void {
  if (limits?.cpus !== undefined) host.NanoCpus = Math.round(Number(limits.cpus) * 1e9)
  if (limits?.memory !== undefined) host.Memory = bytes(limits.memory)
  if (limits?.pids !== undefined) host.PidsLimit = limits.pids
}

/** CPU periods and quotas are durations, or plain numbers of microseconds. */
function microseconds(value: string | number): number {
  return /^-?\d+$/.test(String(value)) ? Number(value) : Math.round(milliseconds(String(value)) * 1000)
}
