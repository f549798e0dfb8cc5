import type { ContainerSummary } from '../../../docker/port.ts'
import type { StepId } from '../../../plan/step.ts'
import type { Service } from '../../../stack/model.ts'
import { serviceIn, type UpContext } from './context.ts'
import type { ReplicaInput } from './steps.ts'
import { addressOfContainer } from './stop.ts'

/** Host ports `from` to `to` of one protocol; of all addresses where `ip` is empty. */
interface HostPorts {
  ip: string
  protocol: string
  from: number
  to: number
}

/** A start that is going to take host ports. */
export interface PortClaim {
  step: StepId
  ports: HostPorts[]
  /** Containers of the same slot: they give way to it anyway. */
  own: string[]
}

/** The host ports that a service's containers are to have; those that the engine chooses from all are nobody's. */
export function hostPortsOf({ ports = [] }: Service): HostPorts[] {
  return ports.flatMap(({ published, host_ip: ip = '', protocol = 'tcp' }) => {
    const [from = 0, to = from] = (published ?? '').split('-').map(Number)
    return from > 0 ? [{ ip, protocol, from, to }] : []
  })
}

/**
 * Whether a container holds a host port that another service is to have. Such a one waits for nothing before it stops: whatever it
 * would wait for may in turn be waiting for that port.
 */
export function mustGiveWay({ context, slot }: Pick<ReplicaInput, 'context' | 'slot'>): boolean {
  const held = slot.current ? heldBy(slot.current) : []
  const others = context.selection.filter((name) => name !== slot.service)
  return held.length > 0 && others.some((name) => overlap(hostPortsOf(serviceIn(context, name)), held))
}

/**
 * Starts that take a host port come after the removal, or at least the stop, of the container that holds it now; those that take
 * one out of a range come one after the other, and after whoever needs one certain port of it: the engine does not choose again.
 */
export function orderByPorts({ builder, claims, observed }: UpContext): void {
  for (const { step, ports, own } of claims) {
    const holders = observed.containers.filter((each) => !own.includes(each.id) && overlap(heldBy(each), ports))
    for (const holder of holders) builder.prefer(step, stepsThatFree(holder), 'success')
  }
  const ranges = claims.filter((claim) => claim.ports.some(isRange))
  const others = claims.filter((claim) => !ranges.includes(claim))
  for (const [at, claim] of ranges.entries())
    for (const earlier of [...others, ...ranges.slice(0, at)])
      if (overlap(earlier.ports, claim.ports)) builder.prefer(claim.step, [earlier.step], 'settled')
}

/** Best first: once it is removed it cannot come back. Ids that are not planned count for nothing. */
function stepsThatFree(container: ContainerSummary): StepId[] {
  const address = addressOfContainer(container)
  const whole = `${address}:${container.id.slice(0, 12)}`
  return [`remove:${address}`, `remove:${whole}`, `stop:${address}`, `stop:${whole}`]
}

function heldBy({ ports }: ContainerSummary): HostPorts[] {
  return ports.flatMap(({ hostIp = '', published, protocol }) =>
    published ? [{ ip: hostIp, protocol, from: published, to: published }] : [],
  )
}

function isRange({ from, to }: HostPorts): boolean {
  return to > from
}

function overlap(some: HostPorts[], others: HostPorts[]): boolean {
  return some.some((a) =>
    others.some((b) => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to && meet(a.ip, b.ip)),
  )
}

function meet(a: string, b: string): boolean {
  return a === b || EVERYWHERE.has(a) || EVERYWHERE.has(b)
}

const EVERYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])
