import type { CpuTime, StatsSample } from '../../port.ts'

/** The fields of GET /containers/{id}/stats that we read; engines omit what they do not measure. */
export interface Stats {
  cpu_stats?: Cpu | null
  precpu_stats?: Cpu | null
  memory_stats?: { usage?: number | null; limit?: number | null; stats?: Record<string, number> | null } | null
  pids_stats?: { current?: number | null } | null
  networks?: Record<string, { rx_bytes?: number | null; tx_bytes?: number | null }> | null
  blkio_stats?: { io_service_bytes_recursive?: { op: string; value: number }[] | null } | null
}

interface Cpu {
  cpu_usage?: { total_usage?: number | null; percpu_usage?: number[] | null } | null
  system_cpu_usage?: number | null
  online_cpus?: number | null
}

export function sampleOf(stats: Stats): StatsSample {
  const { cpu_stats: cpu, memory_stats: memory, networks } = stats
  const all = Object.values(networks ?? {})
  return {
    cpu: timeOf(cpu),
    cpuBefore: timeOf(stats.precpu_stats),
    cpus: cpu?.online_cpus || (cpu?.cpu_usage?.percpu_usage?.length ?? 0),
    memory: usedMemory(memory),
    memoryLimit: memory?.limit ?? 0,
    received: sum(all.map((each) => each.rx_bytes ?? 0)),
    sent: sum(all.map((each) => each.tx_bytes ?? 0)),
    read: transferred(stats, 'r'),
    written: transferred(stats, 'w'),
    processes: stats.pids_stats?.current ?? 0,
  }
}

function timeOf(cpu: Cpu | null | undefined): CpuTime {
  return { own: cpu?.cpu_usage?.total_usage ?? 0, all: cpu?.system_cpu_usage ?? 0 }
}

/** Page cache that was not used recently counts as free. Control groups 1 and 2 name it differently. */
function usedMemory(memory: Stats['memory_stats']): number {
  const usage = memory?.usage ?? 0
  const inactive = memory?.stats?.total_inactive_file ?? memory?.stats?.inactive_file ?? 0
  return inactive < usage ? usage - inactive : usage
}

function transferred({ blkio_stats: blocks }: Stats, letter: string): number {
  const entries = blocks?.io_service_bytes_recursive ?? []
  return sum(entries.filter(({ op }) => op.toLowerCase().startsWith(letter)).map(({ value }) => value))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
