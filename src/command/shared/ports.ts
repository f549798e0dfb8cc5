import type { PublishedPort } from '../../backend/read/containers.ts'
import { bracketed } from '../../util/address.ts'

/**
 * Formats ports like `docker ps`: `127.0.0.1:8888->80/tcp, 9000-9002/tcp`. Consecutive ports that are published under the same
 * numbers, or not published, form one range.
 */
export function portsText(ports: readonly PublishedPort[]): string {
  const groups = new Map<string, Range[]>()
  const others: string[] = []
  for (const port of [...ports].sort(inOrder)) {
    const { hostIp, published, target, protocol } = port
    if (hostIp !== undefined && published !== target) others.push(portText(port))
    else addTo(groups, `${hostIp ?? ''}/${protocol}`, target)
  }
  const ranges = [...groups].flatMap(([key, all]) => all.map((range) => ({ key, range, isLast: range === all.at(-1) })))
  const finished = ranges.filter(({ isLast }) => !isLast)
  return [...finished, ...ranges.filter(({ isLast }) => isLast)].map(rangeText).concat(others).join(', ')
}

interface Range {
  from: number
  to: number
}

function addTo(groups: Map<string, Range[]>, key: string, target: number): void {
  const ranges = groups.get(key) ?? []
  const last = ranges.at(-1)
  if (last && target === last.to + 1) last.to = target
  else ranges.push({ from: target, to: target })
  groups.set(key, ranges)
}

function rangeText({ key, range: { from, to } }: { key: string; range: Range }): string {
  const [ip = '', protocol] = key.split('/')
  const ports = from === to ? `${from}` : `${from}-${to}`
  return `${ip === '' ? '' : `${bracketed(ip)}:${ports}->`}${ports}/${protocol}`
}

function portText({ hostIp = '', published, target, protocol }: PublishedPort): string {
  return `${bracketed(hostIp)}:${published ?? 0}->${target}/${protocol}`
}

function inOrder(a: PublishedPort, b: PublishedPort): number {
  return (
    a.target - b.target ||
    familyOf(a) - familyOf(b) ||
    compare(a.hostIp, b.hostIp) ||
    (a.published ?? 0) - (b.published ?? 0) ||
    compare(a.protocol, b.protocol)
  )
}

function familyOf({ hostIp }: PublishedPort): number {
  if (hostIp === undefined) return 0
  return hostIp.includes(':') ? 6 : 4
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
