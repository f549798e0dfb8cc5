import { error } from '../../diagnostics/diagnostic.ts'
import { MASK } from '../../stack/sensitive.ts'
import { scalarLike, seqLike, textOf, untagged } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { textList } from './text.ts'

const KINDS = ['NONE', 'CMD', 'CMD-SHELL']

/** A string runs in a shell; the first item of a list says how the test runs. */
export const healthTest: Rule = (node, report) => {
  if (node.kind === 'scalar')
    return seqLike(
      ['CMD-SHELL', textOf(node)].map((word) => untagged(scalarLike(word, node))),
      node,
    )
  const list = textList(node, report)
  const first = list?.kind === 'seq' ? list.items[0] : undefined
  const kind = first?.kind === 'scalar' ? textOf(first) : ''
  if (first === undefined || KINDS.includes(kind)) return list
  const hint = `put CMD in front to run it as it is, or CMD-SHELL to run one string in a shell`
  report(
    error(
      'invalid-value',
      `a health test must start with NONE, CMD or CMD-SHELL, not with "${first.secret ? MASK : kind}"`,
      {
        at: first.at,
        hint,
      },
    ),
  )
  return undefined
}
