import type { ScalarNode, Tree } from '../../../yaml/tree.ts'
import { textOf } from '../../tree/nodes.ts'
import type { Rule, Rules } from '../../tree/rewrite.ts'

/** A value with variables that a rule cannot parse stays as written: it may be valid after interpolation. */
export function withVariables(rules: Rules): Rules {
  return Object.fromEntries(Object.entries(rules).map(([path, rule]) => [path, tolerant(rule)]))
}

function tolerant(rule: Rule): Rule {
  return (node, report) => {
    const hidden: string[] = []
    let readable = true
    const changed = rule(hide(node, hidden), (problem) => {
      if (hidden.length > 0) readable = false
      else report(problem)
    })
    if (!readable) return node
    return changed && reveal(changed, hidden)
  }
}

/** Encloses the number of a masked expression, so that the expression's colons are not parsed as syntax. */
const MARK = '\u0000'

/** Whether a node contains a variable. */
export function isOpen(node: Tree): boolean {
  return node.kind === 'scalar' && /[$\0]/.test(textOf(node))
}

function hide(node: Tree, hidden: string[]): Tree {
  return mapScalars(node, (text) =>
    text.replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, (found) => `${MARK}${hidden.push(found) - 1}${MARK}`),
  )
}

function reveal(node: Tree, hidden: readonly string[]): Tree {
  return mapScalars(node, (text) =>
    text
      .split(MARK)
      .map((part, index) => (index % 2 === 1 ? (hidden[Number(part)] ?? '') : part))
      .join(''),
  )
}

function mapScalars(node: Tree, change: (text: string) => string): Tree {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? changedText(node, change(node.value)) : node
  if (node.kind === 'seq') return { ...node, items: node.items.map((item) => mapScalars(item, change)) }
  const entries = [...node.entries].map(
    ([key, { keyAt, value }]) => [change(key), { keyAt, value: mapScalars(value, change) }] as const,
  )
  return { ...node, entries: new Map(entries) }
}

function changedText(node: ScalarNode, value: string): ScalarNode {
  return value === node.value ? node : { ...node, value }
}
