import type { NetworkDetail, PoolDetail } from '../../../docker/port.ts'
import { changedSince } from '../../../plan/fingerprint.ts'
import type { IpamPool, Network } from '../../../stack/model.ts'
import { networkFields } from '../../docker/fields.ts'
import { isOfTools, OURS } from '../../docker/labels.ts'

/**
 * The paths in which a network without our fingerprint differs from its declaration. Drivers and pools that the engine chose do not
 * count. A setting that is no longer declared counts only if engines never set it themselves.
 */
export function differencesOf(network: Network, found: NetworkDetail): string[] {
  const { driver, driver_opts, internal = false, attachable = false, enable_ipv6 = false, ipam } = network
  const differs: Record<string, boolean> = {
    driver: (driver ?? 'default') === 'default' ? DRIVEN.has(found.driver) : driver !== found.driver,
    internal: internal !== found.internal,
    attachable: attachable !== found.attachable,
    enable_ipv6: enable_ipv6 !== found.enableIPv6,
    'ipam.driver': (ipam?.driver ?? 'default') !== found.ipam.driver,
    'ipam.config': poolsDiffer(ipam?.config ?? [], found.ipam.config),
  }
  const paths = Object.keys(differs).filter((path) => differs[path])
  return [...paths, ...optionsThatDiffer(driver_opts ?? {}, found.options)].sort()
}

/** Drivers that an engine never chooses by default; any other driver may be its default (`overlay` on Swarm, `nat` on Windows). */
const DRIVEN = new Set(['macvlan', 'ipvlan', 'host', 'null'])

/** Options that an engine sets itself: the MTU of its configuration, and IPv4 and IPv6, which it also stores as options. */
const OWN_OPTIONS = new Set([
  'com.docker.network.driver.mtu',
  'com.docker.network.enable_ipv4',
  'com.docker.network.enable_ipv6',
  'com.docker.network.driver.overlay.vxlanid_list',
  'com.docker.network.windowsshim.hnsid',
])

function optionsThatDiffer(declared: Record<string, unknown>, found: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(declared), ...Object.keys(found).filter((key) => !OWN_OPTIONS.has(key))])
  return [...keys]
    .filter((key) => !(key in declared && key in found) || String(declared[key] ?? '') !== found[key])
    .map((key) => `driver_opts.${key}`)
}

/** Compares declared labels with the engine's, which every list contains. */
function labelsThatDiffer(declared: Record<string, unknown>, found: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(declared), ...Object.keys(found)].filter((key) => !isOfTools(key)))
  const differs = (key: string) => !(key in declared && key in found) || String(declared[key] ?? '') !== found[key]
  return [...keys]
    .filter(differs)
    .map((key) => `labels.${key}`)
    .sort()
}

/** Whether a declared pool is missing; the order does not matter. Pools that the engine chose have no range and no reserved addresses. */
function poolsDiffer(declared: IpamPool[], found: PoolDetail[]): boolean {
  const wanted = declared.filter((pool) => Object.values(pool).some((each) => each !== undefined))
  const others = found.filter((pool) => !wanted.some((each) => isPool(each, pool)))
  const missing = wanted.filter((each) => !found.some((pool) => isPool(each, pool)))
  return missing.length > 0 || others.some((pool) => pool.ipRange !== undefined || hasTaken(pool.taken))
}

/** Compares the declared parts of a pool. Without a declared gateway, the engine uses the first address. */
function isPool({ subnet, gateway, ip_range, aux_addresses = {} }: IpamPool, found: PoolDetail): boolean {
  const isSame = (declared: string | undefined, kept = '') => declared === undefined || declared === kept
  return (
    isSame(subnet, found.subnet) &&
    isSame(gateway, found.gateway?.split('/')[0]) &&
    (ip_range ?? '') === (found.ipRange ?? '') &&
    taken(aux_addresses) === taken(found.taken ?? {})
  )
}

function hasTaken(addresses: Record<string, string> | undefined): boolean {
  return Object.keys(addresses ?? {}).length > 0
}

function taken(addresses: Record<string, string>): string {
  return JSON.stringify(Object.entries(addresses).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The paths in which our network differs from its declaration: according to its fingerprint or, without one, to the engine's data. */
export function changesOf(network: Network, found: NetworkDetail): string[] {
  const paths = changedSince(found.labels[OURS.fingerprint], networkFields(network)) ?? differencesOf(network, found)
  return [...paths, ...labelsThatDiffer(network.labels ?? {}, found.labels)]
}
