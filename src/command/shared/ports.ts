import type { PublishedPort } from '../../backend/read/containers.ts'

/** Ports in the words of `docker ps`: `127.0.0.1:8888->8888/tcp, 9000/tcp`. */
export function portsText(ports: readonly PublishedPort[]): string {
  return [...new Set(sorted(ports).map(portText))].join(', ')
}

function portText({ hostIp, published, target, protocol }: PublishedPort): string {
  const inside = `${target}/${protocol}`
  return published === undefined ? inside : `${bracketed(hostIp ?? '0.0.0.0')}:${published}->${inside}`
}

/** An address as it stands before a port: IPv6 in brackets. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

function sorted(ports: readonly PublishedPort[]): PublishedPort[] {
  return [...ports].sort(
    (a, b) => a.target - b.target || (a.published ?? 0) - (b.published ?? 0) || compare(a.hostIp, b.hostIp),
  )
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
