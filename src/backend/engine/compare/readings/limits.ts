import type { DeviceRate, HostConfig } from '../../../../docker/spec.ts'
import type { Readings } from './reading.ts'
import { type AttributeValues, list, number, present, size, sorted } from './words.ts'

/** Resources, namespaces, and the behaviour at the container's end. */
export const limitReadings: Readings = {
  restart: ({ spec }) => restartText(spec.HostConfig),
  'deploy.restart_policy': ({ spec }) => restartPolicy(spec.HostConfig),
  mem_limit: ({ spec }) => size(spec.HostConfig.Memory),
  'deploy.resources.limits.memory': ({ spec }) => size(spec.HostConfig.Memory),
  mem_reservation: ({ spec }) => size(spec.HostConfig.MemoryReservation),
  'deploy.resources.reservations.memory': ({ spec }) => size(spec.HostConfig.MemoryReservation),
  memswap_limit: ({ spec }) => swap(spec.HostConfig),
  mem_swappiness: ({ spec: { HostConfig: host } }) =>
    host.MemorySwappiness === -1 ? undefined : number(host.MemorySwappiness),
  cpus: ({ spec }) => cpus(spec.HostConfig),
  'deploy.resources.limits.cpus': ({ spec }) => cpus(spec.HostConfig)?.toString(),
  cpu_count: ({ spec }) => number(spec.HostConfig.CpuCount),
  cpu_percent: ({ spec }) => number(spec.HostConfig.CpuPercent),
  cpu_period: ({ spec }) => number(spec.HostConfig.CpuPeriod),
  cpu_quota: ({ spec }) => number(spec.HostConfig.CpuQuota),
  cpu_rt_period: ({ spec }) => number(spec.HostConfig.CpuRealtimePeriod),
  cpu_rt_runtime: ({ spec }) => number(spec.HostConfig.CpuRealtimeRuntime),
  cpu_shares: ({ spec }) => number(spec.HostConfig.CpuShares),
  cpuset: ({ spec }) => spec.HostConfig.CpusetCpus || undefined,
  pids_limit: ({ spec }) => number(spec.HostConfig.PidsLimit),
  'deploy.resources.limits.pids': ({ spec }) => number(spec.HostConfig.PidsLimit),
  oom_kill_disable: ({ spec }) => spec.HostConfig.OomKillDisable || undefined,
  oom_score_adj: ({ spec }) => number(spec.HostConfig.OomScoreAdj),
  blkio_config: ({ spec }) => present(blockLimits(spec.HostConfig)),
  shm_size: ({ spec }) => size(spec.HostConfig.ShmSize),
  ulimits: ({ spec }) => ulimits(spec.HostConfig),
  sysctls: ({ spec }) => present(spec.HostConfig.Sysctls ?? {}),
  logging: ({ spec: { HostConfig: host } }) =>
    present({ driver: host.LogConfig?.Type || undefined, options: host.LogConfig?.Config }),
  runtime: ({ spec }) => spec.HostConfig.Runtime || undefined,
  isolation: ({ spec }) => spec.HostConfig.Isolation || undefined,
  ipc: ({ spec, place }) => place(spec.HostConfig.IpcMode),
  pid: ({ spec, place }) => place(spec.HostConfig.PidMode),
  uts: ({ spec }) => spec.HostConfig.UTSMode || undefined,
  cgroup: ({ spec }) => spec.HostConfig.CgroupnsMode || undefined,
  cgroup_parent: ({ spec }) => spec.HostConfig.CgroupParent || undefined,
}

function restartText(host: HostConfig): string | undefined {
  const { Name = '', MaximumRetryCount = 0 } = host.RestartPolicy ?? {}
  if (Name === '' || Name === 'no') return undefined
  return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name
}

/** Translates the engine's terms into those of `deploy`. */
const CONDITION: Record<string, string> = { always: 'any' }

function restartPolicy(host: HostConfig): AttributeValues | undefined {
  const { Name = '', MaximumRetryCount = 0 } = host.RestartPolicy ?? {}
  if (Name === '' || Name === 'no') return undefined
  return present({ condition: CONDITION[Name] ?? Name, max_attempts: number(MaximumRetryCount) })
}

/** For a limit on memory alone, the engine sets twice that amount. */
function swap({ Memory = 0, MemorySwap }: HostConfig): string | undefined {
  if (MemorySwap === -1) return '-1'
  return MemorySwap === 2 * Memory ? undefined : size(MemorySwap)
}

function cpus({ NanoCpus }: HostConfig): number | undefined {
  return NanoCpus ? NanoCpus / 1e9 : undefined
}

function ulimits({ Ulimits }: HostConfig): AttributeValues {
  return Object.fromEntries(
    (Ulimits ?? []).map(({ Name, Soft, Hard }) => [Name, Soft === Hard ? Soft : { soft: Soft, hard: Hard }]),
  )
}

function blockLimits(host: HostConfig): AttributeValues {
  const rates = (values: DeviceRate[] | null | undefined) => sorted(values?.map(({ Path, Rate }) => `${Path}=${Rate}`))
  const bytes = (values: DeviceRate[] | null | undefined) =>
    sorted(values?.map(({ Path, Rate }) => `${Path}=${size(Rate) ?? 0}`))
  return {
    weight: number(host.BlkioWeight),
    weight_device: list(host.BlkioWeightDevice?.map(({ Path, Weight }) => `${Path}=${Weight}`)),
    device_read_bps: bytes(host.BlkioDeviceReadBps),
    device_write_bps: bytes(host.BlkioDeviceWriteBps),
    device_read_iops: rates(host.BlkioDeviceReadIOps),
    device_write_iops: rates(host.BlkioDeviceWriteIOps),
  }
}
