import type { Tree } from '../../yaml/tree.ts'
import { distinct } from '../canonical/distinct.ts'
import { seqLike, textAt, textOf } from '../tree/nodes.ts'
import type { Rule, Rules } from '../tree/rewrite.ts'

/** Keeps the last of the items with the same key, at the position of the first. */
function uniqueBy(keyOf: (item: Tree) => string): Rule {
  return (node) => {
    if (node.kind !== 'seq') return node
    const items = new Map<string, Tree>()
    for (const item of node.items) items.set(keyOf(item), item)
    return items.size === node.items.length ? node : seqLike([...items.values()], node)
  }
}

const values = uniqueBy((item) => (item.kind === 'scalar' ? textOf(item) : ''))
/** Key of `NAME=value`, or of a name without a value. */
const names = uniqueBy((item) => (item.kind === 'scalar' ? (textOf(item).split('=', 1)[0] ?? '') : ''))
const targets = uniqueBy((item) =>
  item.kind === 'map' ? (textAt(item, 'target') ?? `/${textAt(item, 'source')}`) : '',
)
const ports = uniqueBy((item) => {
  if (item.kind !== 'map') return ''
  const address = textAt(item, 'host_ip') ?? '0.0.0.0'
  return [address, textAt(item, 'published'), textAt(item, 'target'), textAt(item, 'protocol')].join(' ')
})

/** Removes duplicates from lists whose items must be unique, also across files. */
export const once = distinct()

/** Lists of named items, so that `/tmp:size=2g` replaces `/tmp:size=1g`. */
export const NAMED_LISTS = [
  'services.*.build.tags',
  'services.*.cap_add',
  'services.*.cap_drop',
  'services.*.dns_opt',
  'services.*.dns_search',
  'services.*.links',
  'services.*.networks.*.aliases',
  'services.*.networks.*.link_local_ips',
  'services.*.profiles',
  'services.*.tmpfs',
]

/**
 * Lists in which a later item replaces an earlier one. Source: compose-go, override/uncity.go. Env files stay, however often they
 * are named: the last one takes precedence.
 */
export const UNIQUE: Rules = {
  ...Object.fromEntries(NAMED_LISTS.map((path) => [path, names])),
  'services.*.build.extra_hosts': values,
  'services.*.configs': targets,
  'services.*.device_cgroup_rules': once,
  'services.*.devices': targets,
  'services.*.dns': values,
  'services.*.expose': values,
  'services.*.external_links': once,
  'services.*.extra_hosts': values,
  'services.*.group_add': once,
  'services.*.ports': ports,
  'services.*.secrets': targets,
  'services.*.security_opt': once,
  'services.*.volumes': targets,
  'services.*.volumes_from': once,
}
