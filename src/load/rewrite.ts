import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Entry, MapNode, SeqNode, Tree } from '../source/tree.ts'
import { isReset } from './nodes.ts'

export type Report = (problem: Diagnostic) => void

/** What becomes of a node; undefined removes it, after its problem was reported. */
export type Rule = (node: Tree, report: Report) => Tree | undefined

/** Rules by path pattern, `*` standing for any key or index: `services.*.ports`. */
export type Rules = Readonly<Record<string, Rule>>

/**
 * The tree with every rule applied at its places, outermost first, so that inner patterns see what outer rules made.
 * Nulls and what is marked `!reset` are left alone. An unchanged node is returned as it is.
 */
export function rewrite(tree: Tree, rules: Rules, report: Report): Tree | undefined {
  return descend(tree, compile(rules), report)
}

interface Branch {
  rule?: Rule
  children: Map<string, Branch>
}

function compile(rules: Rules): Branch {
  const root: Branch = { children: new Map() }
  for (const [pattern, rule] of Object.entries(rules)) {
    let branch = root
    for (const step of pattern.split('.')) {
      const next: Branch = branch.children.get(step) ?? { children: new Map() }
      branch.children.set(step, next)
      branch = next
    }
    branch.rule = rule
  }
  return root
}

function descend(node: Tree, { rule, children }: Branch, report: Report): Tree | undefined {
  if (isReset(node) || (node.kind === 'scalar' && node.value === null)) return node
  const own = rule ? rule(node, report) : node
  if (!own || children.size === 0 || own.kind === 'scalar') return own
  return own.kind === 'map' ? inMap(own, children, report) : inSeq(own, children, report)
}

function inMap(node: MapNode, children: Map<string, Branch>, report: Report): MapNode {
  const entries = new Map<string, Entry>()
  let changed = false
  for (const [key, entry] of node.entries) {
    const branch = children.get(key) ?? children.get('*')
    const value = branch ? descend(entry.value, branch, report) : entry.value
    changed ||= value !== entry.value
    if (value) entries.set(key, value === entry.value ? entry : { ...entry, value })
  }
  return changed ? { ...node, entries } : node
}

function inSeq(node: SeqNode, children: Map<string, Branch>, report: Report): SeqNode {
  const branch = children.get('*')
  if (!branch) return node
  const items = node.items.flatMap((item) => descend(item, branch, report) ?? [])
  return items.length === node.items.length && items.every((item, index) => item === node.items[index])
    ? node
    : { ...node, items }
}
