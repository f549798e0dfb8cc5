import type { Made } from './readings/reading.ts'
import type { AttributeValues } from './readings/words.ts'

/** Defaults of the engine, beside those of the image. */
const FILLED_IN: Record<string, (value: unknown, kept: Made) => boolean> = {
  shm_size: (value) => value === '64m',
  ipc: (value) => value === 'private',
  // Which of the two it is depends on the machine's version of control groups.
  cgroup: (value) => value === 'host' || value === 'private',
  runtime: (value) => value === 'runc' || value === 'io.containerd.runc.v2',
  isolation: (value) => value === 'default',
  logging: (value) => JSON.stringify(value) === '{"driver":"json-file"}',
  hostname: (value, kept) => value === kept.shortId || sharesNames(kept),
  domainname: (_value, kept) => sharesNames(kept),
}

/** A container in the network of another container or of the host has its names. */
function sharesNames({ spec: { HostConfig: host } }: Made): boolean {
  return /^(?:host$|container:)/.test(host.NetworkMode ?? '') || host.UTSMode === 'host'
}

/**
 * What is kept, without what the engine filled in where nothing is wanted, and with what is wanted where the two cannot be told apart.
 * @param wanted what is wanted, read in the same words
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
    ...(from.mac_address !== undefined && isTold(wanted) && { mac_address: wanted.mac_address }),
    platform: platformWithin(from.platform, wanted.platform),
  }
}

/** An image is always for some platform: it counts as far as one is wanted, be it the system alone. */
function platformWithin(kept: unknown, wanted: unknown): unknown {
  return wanted === undefined || String(kept).startsWith(String(wanted)) ? wanted : kept
}

const SPACES = ['network_mode', 'ipc', 'pid']

/** A container that is gone or not of this project, by its id: it may be the one that is wanted by its name. */
function isAnyContainer(mode: unknown): boolean {
  return typeof mode === 'string' && /^container:[0-9a-f]{64}$/.test(mode)
}

function isContainer(mode: unknown): boolean {
  return typeof mode === 'string' && mode.startsWith('container:')
}

type Networks = Record<string, AttributeValues>

/** Every endpoint has an address while it runs: it counts only if one is declared. */
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

/** Since API 1.44 the address of a container is that of its first network. */
function isTold(wanted: AttributeValues): boolean {
  return Object.values((wanted.networks ?? {}) as Networks).some((each) => each.mac_address !== undefined)
}

/** Options without a driver are for the engine's own, whichever that is. */
function withDriver({ driver, ...own }: AttributeValues, wanted: AttributeValues | undefined): AttributeValues {
  return wanted === undefined || wanted.driver !== undefined ? { ...own, driver } : own
}
