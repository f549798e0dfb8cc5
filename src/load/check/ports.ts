import { error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { get, type MapNode } from '../../yaml/tree.ts'
import { Malformed } from '../canonical/malformed.ts'
import { readRange } from '../canonical/port-range.ts'
import type { Clash } from '../findings.ts'
import { withoutSecrets } from '../tree/excerpt.ts'
import { textAt } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

interface Published {
  service: string
  address: string
  protocol: string
  first: number
  last: number
  at: Span
}

/** Reports host ports that two active services, or two containers of one service, would both need. */
export function checkPorts(input: CheckInput): Clash[] {
  const unusable = input.active.flatMap(([name, service]) => unusableIn(name, service))
  const published = input.active.flatMap(([name, service]) => publishedBy(name, service)).sort(byPlace)
  const byPort = new Map<string, Published[]>()
  const clashes: Clash[] = []
  for (const port of published.filter(({ first, last }) => first === last)) {
    const key = `${port.first}/${port.protocol}`
    const earlier = byPort.get(key) ?? []
    const other = earlier.find((each) => overlap(each.address, port.address))
    if (other) clashes.push(takenTwice(port, other))
    earlier.push(port)
    byPort.set(key, earlier)
  }
  const full = published.filter(({ first, last }) => first !== last).flatMap((range) => exhausted(range, byPort))
  return [
    ...unusable,
    ...clashes,
    ...full,
    ...input.active.flatMap(([name, service]) => sharedByReplicas(name, service)),
  ]
}

function publishedBy(service: string, node: MapNode): Published[] {
  return hostPorts(node).flatMap(({ item, text, at }) => {
    const range = readRange(text, 'host')
    if (range instanceof Malformed) return []
    const [address, protocol] = [textAt(item, 'host_ip') ?? '', textAt(item, 'protocol') ?? 'tcp']
    return [{ service, address, protocol, ...range, at }]
  })
}

/** Reports host ports that the long syntax accepts but engines reject. */
function unusableIn(service: string, node: MapNode): Clash[] {
  return hostPorts(node).flatMap(({ item, text, at }) => {
    const problem = readRange(text, 'host')
    if (!(problem instanceof Malformed)) return []
    const [message = '', hint] = [problem.message, problem.hint].map((each) =>
      withoutSecrets(each, item.entries.get('published')?.value ?? item),
    )
    return [{ service, problem: error('invalid-value', message, { at, hint }) }]
  })
}

function hostPorts(node: MapNode): { item: MapNode; text: string; at: Span }[] {
  const list = get(node, 'ports')
  if (list?.kind !== 'seq' || textAt(node, 'network_mode') === 'host') return []
  return list.items.flatMap((item) => {
    const text = item.kind === 'map' ? textAt(item, 'published') : undefined
    if (item.kind !== 'map' || text === undefined || text === '0') return []
    return [{ item, text, at: item.entries.get('published')?.value.at ?? item.at }]
  })
}

function byPlace(a: Published, b: Published): number {
  if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1
  return a.at.line - b.at.line || a.at.col - b.at.col
}

/** No address means all addresses; `0.0.0.0` and `::` mean all addresses of their family. */
function overlap(one: string, other: string): boolean {
  if (one === '' || other === '' || one === other) return true
  if (one.includes(':') !== other.includes(':')) return false
  return [one, other].some((address) => address === '0.0.0.0' || address === '::')
}

function takenTwice(port: Published, other: Published): Clash {
  const whose =
    port.service === other.service
      ? `service "${port.service}" publishes the host port`
      : `services "${other.service}" and "${port.service}" both publish the host port`
  const problem = error(
    'port-taken-twice',
    `${whose} ${describe(port)}${port.service === other.service ? ' twice' : ''}`,
    {
      at: port.at,
      hint: 'publish one of them on another port',
      related: [{ message: `published here by "${other.service}"`, at: other.at }],
    },
  )
  return { service: port.service, ...(other.service !== port.service && { other: other.service }), problem }
}

function describe({ address, first, protocol }: Published): string {
  const place = address === '' ? String(first) : `${address.includes(':') ? `[${address}]` : address}:${first}`
  return protocol === 'tcp' ? place : `${place}/${protocol}`
}

/** A range that the engine may choose from conflicts only if none of its ports is free. */
function exhausted(range: Published, byPort: ReadonlyMap<string, Published[]>): Clash[] {
  const holders: Published[] = []
  if (range.last - range.first >= byPort.size) return []
  for (let port = range.first; port <= range.last; port++) {
    const holder = byPort.get(`${port}/${range.protocol}`)?.find((each) => overlap(each.address, range.address))
    if (!holder) return []
    holders.push(holder)
  }
  const problem = error(
    'port-taken-twice',
    `every host port from ${range.first} to ${range.last} is published by others`,
    {
      at: range.at,
      hint: 'widen the range, or move it',
      related: holders.map((holder) => ({
        message: `${holder.first} is published here by "${holder.service}"`,
        at: holder.at,
      })),
    },
  )
  return [{ service: range.service, problem }]
}

function sharedByReplicas(name: string, service: MapNode): Clash[] {
  const count = Number(textAt(service, 'scale') ?? deployedReplicas(service) ?? 1)
  if (!(count > 1)) return []
  return publishedBy(name, service)
    .filter((port) => port.last - port.first + 1 < count)
    .map((port) => {
      const text =
        port.first === port.last ? `the host port ${describe(port)}` : `the host ports ${port.first} to ${port.last}`
      const hint = `publish a range of ${count} ports, or leave the host port out so that the engine chooses`
      return {
        service: name,
        problem: error('port-taken-twice', `the ${count} containers of "${name}" cannot share ${text}`, {
          at: port.at,
          hint,
        }),
      }
    })
}

function deployedReplicas(service: MapNode): string | undefined {
  const deploy = get(service, 'deploy')
  return deploy?.kind === 'map' ? textAt(deploy, 'replicas') : undefined
}
