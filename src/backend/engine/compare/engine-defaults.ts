import type { Made } from './readings/reading.ts'
import type { AttributeValues } from './readings/words.ts'

/** Defaults of the engine, in addition to the image's. */
const FILLED_IN: Record<string, (value: unknown, kept: Made) => boolean> = {
  shm_size: (value) => value === '64m',
  ipc: (value) => value === 'private',
  // The default depends on the machine's version of control groups.
  cgroup: (value) => value === 'host' || value === 'private',
  runtime: (value) => value === 'runc' || value === 'io.containerd.runc.v2',
  isolation: (value) => value === 'default',
  logging: (value) => JSON.stringify(value) === '{"driver":"json-file"}',
  hostname: (value, kept) => value === kept.shortId || sharesNames(kept),
  domainname: (_value, kept) => sharesNames(kept),
}

/** A container in the network of another container, or of the host, shares its host names. */
function sharesNames({ spec: { HostConfig: host } }: Made): boolean {
  return /^(?:host$|container:)/.test(host.NetworkMode ?? '') || host.UTSMode === 'host'
}

/**
 * The container's actual values, without those that the engine filled in for undeclared attributes, and with the wanted value where
 * the two are indistinguishable.
 * @param wanted the wanted values in the same terms
 */
export function withoutFilledIn(from: AttributeValues, wanted: AttributeValues, kept: Made): AttributeValues {
  const entries = Object.entries(from).filter(
    ([key, value]) => wanted[key] !== undefined || !FILLED_IN[key]?.(value, kept),
  )
  const values = Object.fromEntries(entries)
  return { ...values, ...toldApart(values, wanted) }
}

function toldApart(from: AttributeValues, wanted: AttributeValues): AttributeValues {
  const same = SPACES.filter((key) => isAnyContainer(from[key]) && isContainer(wanted[key]))
  const networks = withoutMade(from.networks as Networks | undefined, (wanted.networks ?? {}) as Networks)
  return {
    ...Object.fromEntries(same.map((key) => [key, wanted[key]])),
    ...(networks && { networks }),
    ...(from.logging !== undefined && {
      logging: withDriver(from.logging as AttributeValues, wanted.logging as AttributeValues | undefined),
    }),
    ...(from.mac_address !== undefined && declaresMac(wanted) && { mac_address: wanted.mac_address }),
    platform: platformWithin(from.platform, wanted.platform),
  }
}

/** Every image has a platform: compare only the parts that are declared, perhaps just the operating system. */
function platformWithin(kept: unknown, wanted: unknown): unknown {
  return wanted === undefined || String(kept).startsWith(String(wanted)) ? wanted : kept
}

const SPACES = ['network_mode', 'ipc', 'pid']

/** Whether the mode refers by id to a container that is gone or not in this project: it may be the one that the declaration names. */
function isAnyContainer(mode: unknown): boolean {
  return typeof mode === 'string' && /^container:[0-9a-f]{64}$/.test(mode)
}

function isContainer(mode: unknown): boolean {
  return typeof mode === 'string' && mode.startsWith('container:')
}

type Networks = Record<string, AttributeValues>

/** A running endpoint always has an address: it counts only if one is declared. */
function withoutMade(from: Networks | undefined, wanted: Networks): Networks | undefined {
  return (
    from &&
    Object.fromEntries(
      Object.entries(from).map(([key, { mac_address: mac, ...endpoint }]) => {
        const asked = wanted[key]?.mac_address
        return [key, asked === undefined ? endpoint : { ...endpoint, mac_address: mac }]
      }),
    )
  )
}

/** Since API 1.44, a container's MAC address is that of its first network. */
function declaresMac(wanted: AttributeValues): boolean {
  return Object.values((wanted.networks ?? {}) as Networks).some((each) => each.mac_address !== undefined)
}

/** Options without a driver apply to the engine's default driver, whichever it is. */
function withDriver({ driver, ...own }: AttributeValues, wanted: AttributeValues | undefined): AttributeValues {
  return wanted === undefined || wanted.driver !== undefined ? { ...own, driver } : own
}
