import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { Network } from '../../../../stack/model.ts'
import { manyBy } from '../../../../util/object.ts'
import { type IpRange, placeIn, rangeAdvice, rangeOf } from '../../observe/ip-range.ts'
import { serviceIn } from '../context.ts'
import type { PlannedStart, UpContext } from '../types.ts'

interface Fixed extends PlannedStart {
  address: string
  range: IpRange
}

/** A bound for artificial stacks: no network of one machine has so many pairs of containers. */
const MOST_PAIRS = 10_000

/**
 * Containers with a fixed address start before others in the same network: the engine assigns the lowest free address,
 * which may be the fixed one. If a dependency requires the reverse order, a warning names an `ip_range` that helps.
 */
export function orderFixedAddresses(context: UpContext): void {
  const networksOf = ({ service }: PlannedStart) => Object.keys(serviceIn(context, service).networks ?? {})
  const joining = manyBy(context.starts, networksOf)
  for (const key of networksWithFixed(context))
    for (const family of ['ipv4_address', 'ipv6_address'] as const)
      orderIn(context, { key, family, joining: joining.get(key) ?? [] })
}

type Family = 'ipv4_address' | 'ipv6_address'

function networksWithFixed(context: UpContext): Set<string> {
  const services = [...new Set(context.starts.map(({ service }) => service))]
  const attachments = services.flatMap((name) => Object.entries(serviceIn(context, name).networks ?? {}))
  return new Set(attachments.flatMap(([key, each]) => (each?.ipv4_address || each?.ipv6_address ? [key] : [])))
}

interface Joining {
  key: string
  family: Family
  joining: readonly PlannedStart[]
}

function orderIn(context: UpContext, { key, family, joining }: Joining): void {
  const addressOf = ({ service }: PlannedStart) => serviceIn(context, service).networks?.[key]?.[family]
  const given = joining.filter((start) => !addressOf(start))
  const network = context.declared.stack.networks[key]
  const first = BigInt(2 * (joining.length + membersOf(context, network)) + 8)
  const addressed = joining.map((start) => ({ ...start, address: addressOf(start) }))
  const risky = addressed.flatMap((start) => fixedAmong(context, network, start, first))
  const fixed = risky.slice(0, Math.ceil(MOST_PAIRS / Math.max(1, given.length)))
  const needs = needsBetween(context, fixed.length < given.length)
  for (const start of given)
    for (const each of fixed)
      startAfter(context, key, { start, fixed: each, isNeeded: needs(each.service, start.service) })
}

/** Only an address that is among the `first` ones of its range can be given to another container. */
function fixedAmong(
  context: UpContext,
  network: Network | undefined,
  { address, ...start }: PlannedStart & { address: string | undefined },
  first: bigint,
): Fixed[] {
  if (!address) return []
  const range = network && givenRange(context, network, address)
  const place = range && placeIn(range, address)
  return range && place !== undefined && place <= first ? [{ ...start, address, range }] : []
}

/** The range from which the engine assigns addresses, in the pool of an address. */
function givenRange({ lookup }: UpContext, network: Network, address: string): IpRange | undefined {
  const [found] = lookup.networks(network.name)
  const declared = network.ipam?.config?.map(({ subnet, ip_range }) => ({ subnet, ipRange: ip_range }))
  const pools = network.external ? found?.ipam.config : declared
  for (const { subnet = '', ipRange = subnet } of pools ?? []) {
    const whole = rangeOf(subnet)
    if (whole && placeIn(whole, address) !== undefined) return rangeOf(ipRange)
  }
  return undefined
}

function membersOf({ lookup }: UpContext, network: Network | undefined): number {
  const [found] = lookup.networks(network?.name)
  return found ? lookup.membersOf(found).length : 0
}

/** Whether a service needs another one, for many pairs: follows the dependencies of one, or the dependents of the other. */
function needsBetween({ declared, dependents }: UpContext, isForward: boolean) {
  const reached = new Map<string, Set<string>>()
  return (service: string, other: string): boolean => {
    const [from, to] = isForward ? [service, other] : [other, service]
    const found = reached.get(from) ?? (isForward ? declared.graph : dependents).closure([from])
    reached.set(from, found)
    return found.has(to)
  }
}

interface Pair {
  start: PlannedStart
  fixed: Fixed
  /** Whether the service with the fixed address needs the other one. */
  isNeeded: boolean
}

function startAfter({ builder, declared }: UpContext, key: string, { start, fixed, isNeeded }: Pair): void {
  if (fixed.reconnects || !isNeeded) {
    builder.prefer(start.step, [fixed.step], 'settled')
    return
  }
  const at = declared.spanOf(`services.${fixed.service}.networks.${key}`)
  const text = `the address ${fixed.address} of "${fixed.service}" may be taken: "${start.service}" starts before it, and also gets an address of network "${key}"`
  const hint = `keep fixed addresses out of the range that the engine assigns: ${rangeAdvice(key, fixed.range, fixed.address)}`
  builder.note(warning('address-in-use', text, { at, hint }))
}
