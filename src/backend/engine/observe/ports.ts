import type { ContainerSummary } from '../../../docker/port.ts'
import type { Service } from '../../../stack/model.ts'

/** Host ports `from` to `to` of one protocol; on all addresses if `ip` is empty. */
export interface HostPorts {
  ip: string
  protocol: string
  from: number
  to: number
}

/** The declared host ports of a service's containers, without those that the engine chooses. */
export function hostPortsOf({ ports = [] }: Service): HostPorts[] {
  return ports.flatMap(({ published, host_ip: ip = '', protocol = 'tcp' }) => {
    const [from = 0, to = from] = (published ?? '').split('-').map(Number)
    return from > 0 ? [{ ip, protocol, from, to }] : []
  })
}

/** The host ports that a container has now. */
export function portsHeldBy({ ports }: ContainerSummary): HostPorts[] {
  return ports.flatMap(({ hostIp = '', published, protocol }) =>
    published ? [{ ip: hostIp, protocol, from: published, to: published }] : [],
  )
}

/** Whether two containers cannot hold these ports at the same time. */
export function overlap(some: readonly HostPorts[], others: readonly HostPorts[]): boolean {
  return some.some((a) =>
    others.some((b) => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to && meet(a.ip, b.ip)),
  )
}

function meet(a: string, b: string): boolean {
  return a === b || isEverywhere(a) || isEverywhere(b)
}

/** Whether a host address stands for all of them. */
export function isEverywhere(ip: string): boolean {
  return EVERYWHERE.has(ip)
}

export function isRange({ from, to }: HostPorts): boolean {
  return to > from
}

const EVERYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])
