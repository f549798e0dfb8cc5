import { isIP } from 'node:net'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { MapNode, ScalarNode, Tree } from '../../yaml/tree.ts'
import { withoutSecrets } from '../tree/excerpt.ts'
import { isFloat, mapOf, scalarLike, seqLike, textAt, textOf, untagged, withEntries } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'
import { type PortRange, portRange, rangeText, readRange } from './port-range.ts'

/** Converts every port to long form. Source: Compose Specification, 05-services, "ports"; docker/go-connections, nat.ParsePortSpec. */
export const ports: Rule = (node, report) => {
  const expanded: MapNode[] = []
  for (const item of node.kind === 'seq' ? node.items : [node]) {
    for (const port of item.kind === 'map' ? longForm(item, report) : shortForm(item, report)) expanded.push(port)
    if (expanded.length <= MOST_PORTS) continue
    report(
      error('invalid-value', `this list publishes more than ${MOST_PORTS} ports`, {
        at: item.at,
        hint: 'publish fewer ports',
      }),
    )
    break
  }
  return seqLike(expanded, node)
}

/** For one service, with ranges expanded: the number of existing ports. */
const MOST_PORTS = 65_536

const PROTOCOLS = ['tcp', 'udp', 'sctp']

interface ShortPort {
  host_ip: string | undefined
  target: number
  published: string | undefined
  protocol: string
}

function shortForm(item: Tree, report: Report): MapNode[] {
  if (item.kind !== 'scalar') return []
  const expanded = checkedPart(item, report, () => expand(wholeText(item))) ?? []
  return expanded.map((port) => mapOf({ mode: 'ingress', ...port }, item))
}

/** A float is not a port, not even an integral one such as 1e3: `docker compose` rejects the type. */
function wholeText(node: ScalarNode): string {
  if (isFloat(node))
    throw new Malformed(`invalid port ${foreign(String(node.text ?? node.value))}`, 'write only digits')
  return textOf(node)
}

function expand(spec: string): ShortPort[] {
  const { address, published, target, protocol } = split(spec)
  const inside = portRange(target, 'container')
  const outside = published === '' ? undefined : portRange(published, 'host')
  const base = { host_ip: address === '' ? undefined : address, protocol: protocolOf(protocol) }
  const count = inside.last - inside.first
  if (outside && count === 0) return [{ ...base, target: inside.first, published: rangeText(outside) }]
  if (outside && outside.last - outside.first !== count) throw unequal(outside, inside)
  return Array.from({ length: count + 1 }, (_, index) => ({
    ...base,
    target: inside.first + index,
    published: outside && String(outside.first + index),
  }))
}

function split(spec: string): { address: string; published: string; target: string; protocol: string } {
  const [, body = '', given = ''] = /^(.*?)(?:\/([^/]*))?$/s.exec(spec) ?? []
  const protocol = given || 'tcp'
  const parts = body.split(':')
  const target = parts.pop() ?? ''
  const published = parts.pop() ?? ''
  const written = parts.join(':')
  const address = written.replace(/^\[(.*)\]$/, '$1')
  if (target === '') throw new Malformed(`the port "${foreign(spec)}" has no container port`, SHORT_FORMS)
  if (parts.length > 0 && address !== '' && isIP(address) === 0) {
    throw new Malformed(`invalid IP address "${foreign(address)}" in the port "${foreign(spec)}"`, SHORT_FORMS)
  }
  if (address === written && address.includes(':')) {
    throw new Malformed(
      `the IPv6 address in the port "${foreign(spec)}" has no brackets`,
      `write ${foreign(`[${address}]:${published}:${target}`)}`,
    )
  }
  return { address, published, target, protocol }
}

const SHORT_FORMS = 'write CONTAINER, HOST:CONTAINER or IP:HOST:CONTAINER, e.g. "127.0.0.1:8080:80" or "53:53/udp"'

function unequal(outside: PortRange, inside: PortRange): Malformed {
  const message = `the host ports ${foreign(rangeText(outside))} and the container ports ${foreign(rangeText(inside))} differ in number`
  return new Malformed(message, 'give both ranges the same length, or publish a range for a single container port')
}

function protocolOf(name: string): string {
  const protocol = name.toLowerCase()
  if (PROTOCOLS.includes(protocol)) return protocol
  throw new Malformed(`invalid protocol "${foreign(name)}"`, `use one of ${PROTOCOLS.join(', ')}`)
}

function longForm(item: MapNode, report: Report): MapNode[] {
  if (!hasTarget(item, report)) return []
  const part = <T>(key: string, read: (text: string | undefined) => T) =>
    checkedPart(item.entries.get(key)?.value ?? item, report, () => read(textAt(item, key)))
  const target = part('target', (text = '') => onePort(text))
  const published = checkedPart(item.entries.get('published')?.value ?? item, report, () => publishedText(item))
  const address = part('host_ip', (text) => addressOf(text))
  if (target === undefined || published === undefined || address === undefined) return []
  const protocol = textAt(item, 'protocol') ?? 'tcp'
  if (!PROTOCOLS.includes(protocol)) reportProtocol(protocol, item.entries.get('protocol')?.value ?? item, report)
  return [withParts(item, { mode: textAt(item, 'mode') ?? 'ingress', target, published, protocol })]
}

/** Whether a port in long form has a container port; reported if not. */
export function hasTarget(item: MapNode, report: Report): boolean {
  if (textAt(item, 'target') !== undefined) return true
  const hint = 'add the port inside the container, e.g. target: 80'
  report(error('missing-key', 'a port is missing its target', { at: item.at, hint }))
  return false
}

function onePort(text: string): number {
  if (/^\d+$/.test(text)) return portRange(text, 'container').first
  throw new Malformed(
    `invalid container port "${foreign(text)}"`,
    'write one number; only the short form "8000-8010" supports ranges',
  )
}

/** An IP address or an empty string. Throws Malformed. */
export function addressOf(text: string | undefined): string {
  if (text === undefined || isIP(text) !== 0) return text ?? ''
  throw new Malformed(`invalid IP address "${foreign(text)}"`, 'write e.g. 127.0.0.1, or remove the key')
}

/** Compose accepts any protocol here, but the engine does not. */
function reportProtocol(protocol: string, node: Tree, report: Report): void {
  const message = withoutSecrets(`invalid protocol "${foreign(protocol)}"`, node)
  report(warning('invalid-value', message, { at: node.at, hint: `use one of ${PROTOCOLS.join(', ')}` }))
}

/** Omits empty parts. */
function withParts(item: MapNode, parts: Readonly<Record<string, string | number>>): MapNode {
  const nodes = Object.entries(parts).map(([key, value]): [string, Tree | undefined] => {
    const written = item.entries.get(key)?.value ?? item
    return [key, value === '' ? undefined : untagged(scalarLike(value, written))]
  })
  return withEntries(item, Object.fromEntries(nodes))
}

/** Accepts any string, as `docker compose` does: check/ports.ts rejects an invalid port. */
function publishedText(item: MapNode): string {
  const given = item.entries.get('published')?.value
  const text = given?.kind === 'scalar' ? wholeText(given) : ''
  const range = text === '' ? undefined : readRange(text, 'host')
  return range && !(range instanceof Malformed) ? rangeText(range) : text
}
