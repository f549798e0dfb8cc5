import { scalarLike, textOf } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** `if_not_present` is the old name of `missing`. Source: Compose Specification, 05-services, "pull_policy". */
export const pullPolicy: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node
  const policy = textOf(node)
  if (policy === 'if_not_present') return scalarLike('missing', node)
  const known = ['always', 'never', 'missing', 'build', 'daily', 'weekly', 'refresh']
  return checkedPart(node, report, () => {
    if (known.includes(policy) || /^every_\w+$/.test(policy)) return scalarLike(policy, node)
    throw new Malformed(`"${policy}" is no pull policy`, `use one of ${known.join(', ')} or every_<duration>`)
  })
}

/** Source: Compose Specification, 05-services, "restart". */
export const restart: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node
  const policy = node.value === false ? 'no' : textOf(node)
  return checkedPart(node, report, () => {
    if (/^(?:no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy)) return scalarLike(policy, node)
    throw new Malformed(
      `"${policy}" is no restart policy`,
      'use no, always, unless-stopped, on-failure or on-failure:RETRIES',
    )
  })
}
