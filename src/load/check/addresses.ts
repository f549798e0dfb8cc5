import { isIP, isIPv4, isIPv6 } from 'node:net'
import { error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import type { Clash } from '../findings.ts'
import { quoted, withoutSecrets } from '../tree/excerpt.ts'
import { textOf } from '../tree/nodes.ts'
import type { CheckInput } from './check-input.ts'

interface Form {
  key: string
  is: (text: string) => boolean
  /** The expected form, for messages. */
  name: string
  hint?: string
}

const MAC: Form = {
  key: 'mac_address',
  is: isMac,
  name: 'a MAC address of one network card',
  hint: 'write six bytes in hexadecimal, the first one even, e.g. 02:42:ac:11:65:43',
}

/** The addresses of a service in one network. */
const FORMS: readonly Form[] = [
  MAC,
  { key: 'ipv4_address', is: isIPv4, name: 'an IPv4 address' },
  { key: 'ipv6_address', is: isIPv6, name: 'an IPv6 address' },
  { key: 'link_local_ips', is: (text) => isIP(text) !== 0, name: 'an IP address' },
]

/** Addresses that engines reject, but only when the container is created or started, and with unclear messages. */
export function checkAddresses({ active }: CheckInput): Clash[] {
  return active.flatMap(([service, node]) => {
    const networks = get(node, 'networks')
    const joined = networks?.kind === 'map' ? [...networks.entries.values()] : []
    return [...unusable(service, node, MAC), ...joined.flatMap(({ value }) => inNetwork(service, value))]
  })
}

function inNetwork(service: string, node: Tree): Clash[] {
  return node.kind === 'map' ? FORMS.flatMap((form) => unusable(service, node, form)) : []
}

function unusable(service: string, node: MapNode, { key, is, name, hint }: Form): Clash[] {
  const value = get(node, key)
  const items = value?.kind === 'seq' ? value.items : value ? [value] : []
  return items.flatMap((item) => {
    const text = item.kind === 'scalar' ? textOf(item) : ''
    if (text === '' || is(text)) return []
    const message = withoutSecrets(`${quoted(text)} is not ${name}`, item)
    return [{ service, problem: error('invalid-value', message, { at: item.at, ...(hint && { hint }) }) }]
  })
}

/** Whether Go's net.ParseMAC and Linux accept it: neither a multicast address nor all zeros. */
function isMac(text: string): boolean {
  const isWritten = /^([0-9a-f]{2}([:-]?))([0-9a-f]{2}\2){4}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(text)
  const digits = text.replaceAll(/[^0-9a-f]/gi, '')
  return isWritten && Number.parseInt(digits.slice(0, 2), 16) % 2 === 0 && /[^0]/.test(digits)
}
