import { warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { signalHint, signalNumber } from '../../stack/signal.ts'
import { withoutSecrets } from '../tree/excerpt.ts'
import { scalarLike, textOf } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'
import { text, textList } from './text.ts'

/** `if_not_present` is the old name of `missing`. Source: Compose Specification, 05-services, "pull_policy". */
export const pullPolicy: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node
  const policy = textOf(node)
  if (policy === 'if_not_present') return scalarLike('missing', node)
  const known = ['always', 'never', 'missing', 'build', 'daily', 'weekly', 'refresh']
  return checkedPart(node, report, () => {
    if (known.includes(policy) || /^every_\w+$/.test(policy)) return scalarLike(policy, node)
    throw new Malformed(
      `invalid pull policy "${foreign(policy)}"`,
      `use one of ${known.join(', ')} or every_<duration>`,
    )
  })
}

/** Source: Compose Specification, 05-services, "restart". The engine rejects unknown policies. */
export const restart: Rule = (node, report) => {
  if (node.kind !== 'scalar') return node
  const policy = node.value === false ? 'no' : textOf(node)
  if (!/^(?:|no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy)) {
    const hint = 'use no, always, unless-stopped, on-failure or on-failure:RETRIES'
    report(
      warning('invalid-value', withoutSecrets(`invalid restart policy "${foreign(policy)}"`, node), {
        at: node.at,
        hint,
      }),
    )
  }
  return scalarLike(policy, node)
}

/** The engine accepts any signal when it creates a container, and only fails when it stops the container. */
export const stopSignal: Rule = (node, report) => {
  const signal = node.kind === 'scalar' ? textOf(node) : ''
  if (signal === '' || signalNumber(signal) !== undefined) return node
  const message = withoutSecrets(`unknown signal "${foreign(signal)}"`, node)
  report(warning('invalid-value', message, { at: node.at, hint: signalHint(signal) }))
  return node
}

/** A provider's options: each is a list of strings. Source: compose-go, types/stringOrList.go. */
export const providerOption: Rule = (node) => textList(node, () => undefined)

/** `true` and `false` become strings. */
export const flagText: Rule = (node) =>
  node.kind === 'scalar' && node.value !== '' ? text(node, () => undefined) : node
