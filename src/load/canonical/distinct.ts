import { error } from '../../diagnostics/diagnostic.ts'
import { MASK } from '../../stack/sensitive.ts'
import type { ScalarNode, Tree } from '../../yaml/tree.ts'
import { quoted } from '../tree/excerpt.ts'
import { textOf } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'

/** Removes duplicates from a list, then applies `rule`. Source: Compose Specification, compose-spec.json, "uniqueItems". */
export function distinct(rule: Rule = (node) => node): Rule {
  return (node, report) => {
    if (node.kind === 'seq') reportRepeated(node.items, report)
    return rule(node, report)
  }
}

function reportRepeated(items: readonly Tree[], report: Report): void {
  const first = new Map<string, ScalarNode>()
  for (const item of items) {
    if (item.kind !== 'scalar') continue
    const key = `${typeof item.value} ${textOf(item)}`
    const before = first.get(key)
    if (before) report(repeated(item, before))
    else first.set(key, item)
  }
}

function repeated(item: ScalarNode, before: ScalarNode) {
  const shown = item.secret ? `"${MASK}"` : quoted(textOf(item))
  return error('invalid-value', `${shown} is in this list twice`, {
    at: item.at,
    hint: 'remove one of them',
    related: [{ message: 'the first one', at: before.at }],
  })
}
