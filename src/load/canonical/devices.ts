import { mapOf, textOf } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** `/dev/a:/dev/b:r` in long form. A CDI name such as `vendor.com/gpu=all` is one part. */
export const device: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node
  const spec = textOf(node)
  return checkedPart(node, report, () => {
    const [source = '', target, permissions, ...more] = spec.split(':')
    if (source === '' || more.length > 0)
      throw new Malformed(`"${spec}" is no device`, 'write HOST, HOST:CONTAINER or HOST:CONTAINER:rwm')
    return mapOf({ source, target: target ?? source, permissions: permissions ?? 'rwm' }, node)
  })
}

/** `gpus: all` asks for every GPU. */
export const gpus: Rule = (node) => {
  if (node.kind !== 'scalar') return node
  return { kind: 'seq', at: node.at, items: [mapOf({ count: textOf(node) }, node)], ...(node.tag && { tag: node.tag }) }
}
