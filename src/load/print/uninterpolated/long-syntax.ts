import { get, type MapNode, type Tree } from '../../../yaml/tree.ts'
import { attachments } from '../../canonical/attachments.ts'
import { dependsOn } from '../../canonical/depends-on.ts'
import { device, gpus } from '../../canonical/devices.ts'
import { envFiles } from '../../canonical/env-files.ts'
import { external } from '../../canonical/external.ts'
import { environment, keyValues } from '../../canonical/key-values.ts'
import { checkedPart } from '../../canonical/malformed.ts'
import { mount } from '../../canonical/mounts.ts'
import { oneKey } from '../../canonical/one-key.ts'
import { boundedPorts } from '../../canonical/port-count.ts'
import { addressOf, hasTarget, ports } from '../../canonical/ports.ts'
import { textList } from '../../canonical/text.ts'
import { mapOf, scalarLike, textAt, textOf, withEntries } from '../../tree/nodes.ts'
import type { Report, Rule, Rules } from '../../tree/rewrite.ts'
import { isOpen, withVariables } from './variables-aside.ts'

/**
 * The part of the canonical form that `docker compose config --no-interpolate` applies: long syntaxes for structures, scalar values
 * as written. Source: compose-go, transform/canonical.go.
 */
export const LONG_SYNTAX: Rules = {
  services: boundedPorts,
  ...withVariables({
    'include.*': oneKey('path'),
    'include.*.path': textList,
    'include.*.env_file': textList,
    'services.*.build': oneKey('context'),
    'services.*.build.additional_contexts': keyValues,
    'services.*.build.secrets.*': granted(undefined),
    'services.*.build.ssh': environment,
    'services.*.configs.*': granted(undefined),
    'services.*.depends_on': dependsOn,
    'services.*.deploy.resources.reservations.devices.*': counted,
    'services.*.devices.*': device,
    'services.*.dns': asList,
    'services.*.env_file': completeEnvFiles,
    'services.*.extends': oneKey('service'),
    'services.*.gpus': gpus,
    'services.*.label_file': asList,
    'services.*.models': attachments,
    'services.*.networks': attachments,
    'services.*.ports': longPorts,
    'services.*.secrets.*': granted('/run/secrets'),
    'services.*.volumes.*': mount,
    'networks.*': external,
    'volumes.*': external,
    'secrets.*': external,
    'configs.*': external,
  }),
}

function asList(node: Tree): Tree {
  return node.kind === 'scalar' ? { kind: 'seq', items: [node], at: node.at } : node
}

/** A secret or config of a service; its mode stays as written. */
function granted(directory: string | undefined): Rule {
  return (node) => {
    const long = node.kind === 'map' ? node : mapOf({ source: node.kind === 'scalar' ? textOf(node) : undefined }, node)
    const source = get(long, 'source')
    if (!directory || source?.kind !== 'scalar' || get(long, 'target')) return long
    return withEntries(long, { target: scalarLike(`${directory}/${textOf(source)}`, source) })
  }
}

function completeEnvFiles(node: Tree, report: Report): Tree | undefined {
  const list = envFiles(node, report)
  if (list?.kind !== 'seq') return list
  const items = list.items.map((item) =>
    item.kind === 'map' && !get(item, 'required') ? withEntries(item, { required: scalarLike(true, item) }) : item,
  )
  return { ...list, items }
}

/** If one port cannot be parsed, all stay as written, as in `docker compose`; long ones keep their numbers. */
function longPorts(node: Tree, report: Report): Tree {
  if (node.kind !== 'seq') return node
  let readable = true
  const unreadable = () => {
    readable = false
  }
  const items = node.items.flatMap((item) => {
    if (item.kind === 'map') return [longPort(item, report)]
    const isText = item.kind === 'scalar' && typeof item.value === 'string'
    const long = ports({ ...node, items: [item] }, isText ? unreadable : report)
    return long?.kind === 'seq' ? long.items : []
  })
  return readable ? { ...node, items } : node
}

function longPort(port: MapNode, report: Report): Tree {
  hasTarget(port, report)
  const address = port.entries.get('host_ip')?.value
  if (address && !isOpen(address)) checkedPart(address, report, () => addressOf(textAt(port, 'host_ip')))
  const defaults = mapOf({ mode: 'ingress', protocol: 'tcp' }, port)
  return { ...port, entries: new Map([...defaults.entries, ...port.entries]) }
}

/** Without a count or ids, requests all devices. */
function counted(node: Tree): Tree {
  if (node.kind !== 'map' || get(node, 'count') || get(node, 'device_ids')) return node
  return withEntries(node, { count: scalarLike('all', node) })
}
