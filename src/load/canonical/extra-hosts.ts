import type { ScalarNode, Tree } from '../../source/tree.ts'
import { scalarLike, seqLike, textOf, untagged } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** Every host as `NAME=ADDRESS`, whether written as a list with `=` or `:`, or as a mapping to one or several addresses. */
export const extraHosts: Rule = (node, report) => {
  const pairs =
    node.kind === 'map'
      ? [...node.entries].flatMap(([name, { value }]) =>
          addressesOf(value).map((item) => ({ item, line: `${name}=${textOf(item)}` })),
        )
      : listed(node)
  return seqLike(
    pairs.flatMap(({ item, line }) => checkedPart(item, report, () => untagged(scalarLike(normal(line), item))) ?? []),
    node,
  )
}

function listed(node: Tree): { item: ScalarNode; line: string }[] {
  return addressesOf(node).map((item) => ({ item, line: textOf(item) }))
}

function addressesOf(value: Tree): ScalarNode[] {
  const items = value.kind === 'seq' ? value.items : [value]
  return items.filter((item) => item.kind === 'scalar')
}

function normal(line: string): string {
  const [, name, address] = /^([^=]+)=(.*)$/.exec(line) ?? /^([^:]+):(.*)$/.exec(line) ?? []
  if (name !== undefined && address !== undefined) return `${name}=${address.replace(/^\[(.*)\]$/, '$1')}`
  throw new Malformed(
    `"${line}" is no host with an address`,
    'write NAME=ADDRESS, e.g. db=10.0.0.2 or gateway=host-gateway',
  )
}
