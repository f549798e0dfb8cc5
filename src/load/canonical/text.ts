import { error } from '../../diagnostics/diagnostic.ts'
import { scalarLike, seqLike, textOf } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'

/** Converts a number or boolean to a string. */
export const text: Rule = (node) => (node.kind === 'scalar' ? scalarLike(textOf(node), node) : node)

/** Does the same for each item, and drops empty items, which unset variables leave behind. */
export const fullTextList: Rule = (node, report) => {
  const list = textList(node, report)
  if (list?.kind !== 'seq') return list
  return seqLike(
    list.items.filter((item) => item.kind === 'scalar' && item.value !== ''),
    list,
  )
}

/** A path that must not be empty. */
export const fullPath: Rule = (node, report) => {
  if (node.kind === 'scalar' && textOf(node) === '')
    report(
      error('invalid-value', 'the path is empty', { at: node.at, hint: 'specify a file or a directory, e.g. ./src' }),
    )
  return node
}

/** `dns: 8.8.8.8` becomes `dns: [8.8.8.8]`; every item becomes a string. */
export const textList: Rule = (node) => {
  const items = node.kind === 'seq' ? node.items : [node]
  const texts = items.flatMap((item) => (item.kind === 'scalar' ? [scalarLike(textOf(item), item)] : []))
  return seqLike(node.kind === 'seq' ? texts : texts.map(({ kind, value, at }) => ({ kind, value, at })), node)
}
