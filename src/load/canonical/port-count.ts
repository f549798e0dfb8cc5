import { error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { seqLike, textOf, withEntries } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'

/** For all services of a file, with ranges expanded: twice as many ports as a host has. */
const MOST_PORTS = 131_072

/** Removes ports beyond the limit, before ranges of many services expand to millions of ports. */
export const boundedPorts: Rule = (services, report) => {
  if (services.kind !== 'map') return services
  let left = MOST_PORTS
  const changes: Record<string, Tree> = {}
  for (const [name, { value }] of services.entries) {
    const list = get(value, 'ports')
    const before = left
    if (value.kind === 'map' && list) left -= countIn(list)
    if (value.kind === 'map' && list && left < 0) changes[name] = without(value, list, before >= 0, report)
  }
  return withEntries(services, changes)
}

function countIn(list: Tree): number {
  const items = list.kind === 'seq' ? list.items : [list]
  return items.reduce((sum, item) => sum + (item.kind === 'scalar' ? countOf(textOf(item)) : 1), 0)
}

/** Anything but a range counts as one port, valid or not. A single service has a separate limit. */
function countOf(spec: string): number {
  const [, first, last] = /(?:^|:)(\d{1,5})-(\d{1,5})(?:\/\w*)?$/.exec(spec) ?? []
  return Math.max(1, Math.min(Number(last ?? 0), 65_535) - Number(first ?? 0) + 1)
}

function without(service: MapNode, list: Tree, isFirst: boolean, report: Report): MapNode {
  const message = `the services of this file publish more than ${MOST_PORTS.toLocaleString('en')} ports`
  if (isFirst) report(error('invalid-value', message, { at: list.at, hint: 'publish fewer ports' }))
  return withEntries(service, { ports: seqLike([], list) })
}
