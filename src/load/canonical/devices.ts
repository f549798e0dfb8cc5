import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { MapNode } from '../../yaml/tree.ts'
import { mapOf, scalarLike, textOf, withEntries } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** Converts `/dev/a:/dev/b:r` to long form. A CDI name such as `vendor.com/gpu=all` stays in one part. */
export const device: Rule = (node, report) => {
  if (node.kind === 'map') return withTarget(node, report)
  if (node.kind !== 'scalar') return node
  const spec = textOf(node)
  return checkedPart(node, report, () => {
    const [source = '', target, permissions, ...more] = spec.split(':')
    if (more.length > 0) throw new Malformed(`invalid device "${foreign(spec)}"`, FORMS)
    if (source === '')
      report(warning('invalid-value', `the device "${foreign(spec)}" has no host path`, { at: node.at, hint: FORMS }))
    const place = target ?? source
    return mapOf({ source: source || undefined, target: place || undefined, permissions: permissions ?? 'rwm' }, node)
  })
}

const FORMS = 'write HOST, HOST:CONTAINER or HOST:CONTAINER:rwm'

function withTarget(node: MapNode, report: Report): MapNode {
  if (node.entries.has('target')) return node
  const hint = 'add the path inside the container, e.g. the same as source'
  report(error('missing-key', 'a device is missing its target', { at: node.at, hint }))
  return node
}

/** A device request without count and device_ids asks for all devices. */
export const deviceRequest: Rule = (node, report) => {
  if (node.kind !== 'map') return node
  const [amount, ids] = [node.entries.get('count'), node.entries.get('device_ids')]
  if (amount && ids) {
    const related = [{ message: 'the number of devices', at: amount.keyAt }]
    report(
      error('conflicting-keys', 'a device request has both count and device_ids', {
        at: ids.keyAt,
        related,
        hint: ONE,
      }),
    )
  }
  return amount || ids ? node : withEntries(node, { count: scalarLike(-1, node) })
}

const ONE = 'keep one of them: count for any devices, device_ids for specific ones'

/** `gpus: all` asks for every GPU. */
export const gpus: Rule = (node) => {
  if (node.kind !== 'scalar') return node
  return { kind: 'seq', at: node.at, items: [mapOf({ count: textOf(node) }, node)], ...(node.tag && { tag: node.tag }) }
}
