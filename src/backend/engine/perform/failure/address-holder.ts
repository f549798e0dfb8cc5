import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { ContainerDetail, ContainerSummary, Engine, NetworkDetail, PoolDetail } from '../../../../docker/port.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { placeIn, rangeAdvice, rangeOf } from '../../observe/ip-range.ts'

export interface AddressHolder {
  address: string
  network: string
  holder: string
  tries: string[]
}

/** Explains why a container did not get its fixed address: the address, its holder, and remedies. */
export async function addressHolder(
  engine: Engine,
  container: string,
  message: string,
): Promise<AddressHolder | undefined> {
  if (!/address already in use/i.test(message)) return undefined
  const own = await engine.inspectContainer(container).catch(() => undefined)
  const wanted = own ? fixedOf(own) : []
  if (!own || wanted.length === 0) return undefined
  const others = (await engine.listContainers({}).catch(() => [])).filter(({ id }) => id !== own.id)
  for (const each of wanted) {
    const found = await holderOf(engine, each, others)
    if (found) return { ...each, holder: found.holder, tries: triesFor(each, own, found) }
  }
  const [first] = wanted
  return first && { ...first, holder: 'no running container', tries: [LOST] }
}

/** Engine 20.10 loses track of an address if a container gets one of its two addresses and the other is taken. */
const LOST = 'the engine may have lost track of it: run down and up again, which recreates the network'

interface Wanted {
  network: string
  address: string
}

interface Found {
  holder: string
  container?: ContainerSummary
  network?: NetworkDetail
}

function fixedOf({ networks }: ContainerDetail): Wanted[] {
  return Object.entries(networks).flatMap(([network, { ipv4, ipv6 }]) =>
    [ipv4, ipv6].flatMap((address) => (address ? [{ network, address }] : [])),
  )
}

async function holderOf(
  engine: Engine,
  { network: name, address }: Wanted,
  others: ContainerSummary[],
): Promise<Found | undefined> {
  const members = others.filter((each) => name in each.networks)
  const [details, [network]] = await Promise.all([
    Promise.all(members.map(({ id }) => engine.inspectContainer(id).catch(() => undefined))),
    engine.listNetworks({ names: [name] }).catch(() => []),
  ])
  const has = (detail: ContainerDetail | undefined) => {
    const { ipAddress, globalIpv6 } = detail?.networks[name] ?? {}
    return [ipAddress, globalIpv6].some((each) => each && isSame(each, address))
  }
  const at = details.findIndex(has)
  const found = network ? { network } : {}
  if (members[at]) return { ...found, holder: `container ${members[at].name}`, container: members[at] }
  const isGateway = network?.ipam.config.some((pool) => isGatewayOf(pool, address))
  return isGateway ? { ...found, holder: 'the network itself, as its gateway' } : undefined
}

/** Without a declared gateway, it is the first address that the engine assigns, and is not listed before its first use. */
function isGatewayOf({ gateway, subnet = '', ipRange }: PoolDetail, address: string): boolean {
  if (gateway !== undefined) return isSame(gateway, address)
  const range = rangeOf(ipRange ?? subnet)
  return range !== undefined && placeIn(range, address) === (ipRange ? 0n : 1n)
}

function isSame(one: string, other: string): boolean {
  const range = rangeOf(one.split('/')[0] ?? '')
  return range !== undefined && placeIn(range, other) !== undefined
}

/** Within a project, containers with fixed addresses start first, once the holders of those addresses have stopped. */
function triesFor({ address, network }: Wanted, own: ContainerDetail, found: Found): string[] {
  const { labels = {} } = found.container ?? {}
  const service = labels[COMPOSE.service]
  const isSibling = service !== undefined && labels[COMPOSE.project] === own.labels[COMPOSE.project]
  const pool = found.network?.ipam.config.find(({ subnet = '' }) => holds(subnet, address))
  const range = rangeOf(pool?.ipRange ?? pool?.subnet ?? '')
  const isGiven = found.container !== undefined && range !== undefined && placeIn(range, address) !== undefined
  const key = found.network?.labels[COMPOSE.network] ?? network
  const needed = own.labels[COMPOSE.dependsOn]?.split(',').some((each) => each.startsWith(`${service}:`))
  return [
    ...(isGiven
      ? [`keep it outside the range that the engine assigns: ${rangeAdvice(key, range, address)}`]
      : ['choose another']),
    ...(isSibling && !needed
      ? [`\`${ownCommand(`stop ${service}`)}\`, then up again: fixed addresses come first`]
      : []),
  ]
}

function holds(subnet: string, address: string): boolean {
  const range = rangeOf(subnet)
  return range !== undefined && placeIn(range, address) !== undefined
}
