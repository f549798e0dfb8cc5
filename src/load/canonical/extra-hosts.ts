import { foreign } from '../../diagnostics/foreign.ts'
import type { Entry, ScalarNode, Tree } from '../../yaml/tree.ts'
import { scalarLike, seqLike, textOf, untagged } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/**
 * Converts every host to `NAME=ADDRESS`, from a list with `=` or `:`, or from a mapping to one or several addresses. Several addresses
 * may be separated by commas. Source: compose-go, types/hostList.go, which divides them in lists only; engines refuse the others.
 */
export const extraHosts: Rule = (node, report) => {
  const lines = node.kind === 'map' ? [...node.entries].flatMap(hostLines) : addressesOf(node).map(itemLines)
  const items = lines.flatMap(({ item, read }) =>
    (checkedPart(item, report, read) ?? []).map((line) => untagged(scalarLike(line, item))),
  )
  return seqLike(items, node)
}

interface Lines {
  item: ScalarNode
  /** Throws Malformed. */
  read: () => string[]
}

function hostLines([name, { value }]: [string, Entry]): Lines[] {
  return addressesOf(value).map((item) => ({ item, read: () => hostsAt(name, textOf(item)) }))
}

function itemLines(item: ScalarNode): Lines {
  return { item, read: () => listed(textOf(item)) }
}

function addressesOf(value: Tree): ScalarNode[] {
  const items = value.kind === 'seq' ? value.items : [value]
  return items.filter((item) => item.kind === 'scalar')
}

function listed(line: string): string[] {
  const [, name, addresses] = /^([^=]+)=(.*)$/.exec(line) ?? /^([^:]+):(.*)$/.exec(line) ?? []
  if (name !== undefined && addresses !== undefined) return hostsAt(name, addresses)
  throw new Malformed(
    `invalid extra host "${foreign(line)}"`,
    'write NAME=ADDRESS, e.g. db=10.0.0.2 or gateway=host-gateway',
  )
}

function hostsAt(name: string, addresses: string): string[] {
  return addresses.split(',').map((address) => `${name}=${address.replace(/^\[(.*)\]$/, '$1')}`)
}
