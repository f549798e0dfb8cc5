import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Entry, MapNode, SeqNode, Tree } from '../../yaml/tree.ts'
import { isReset } from './nodes.ts'

export type Report = (problem: Diagnostic) => void

/** Returns the changed node, or undefined to remove it after its problem was reported. */
export type Rule = (node: Tree, report: Report) => Tree | undefined

/**
 * Rules by path pattern: `*` matches any key or index, `{a,b}` either name, as in `services.*.ports` and
 * `{secrets,configs}.*.labels`.
 */
export type Rules = Readonly<Record<string, Rule>>

/**
 * Applies every rule at its places, outermost first, so that inner patterns see the results of outer rules. Skips nulls and nodes
 * marked `!reset`. Returns an unchanged node itself.
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
    for (const spelled of spelledOut(pattern)) branchAt(root, spelled.split('.')).rule = rule
  }
  return root
}

function branchAt(root: Branch, steps: readonly string[]): Branch {
  let branch = root
  for (const step of steps) {
    const next: Branch = branch.children.get(step) ?? { children: new Map() }
    branch.children.set(step, next)
    branch = next
  }
  return branch
}

/** Expands the braces of a pattern into one pattern per choice. */
export function spelledOut(pattern: string): string[] {
  const start = pattern.indexOf('{')
  if (start < 0) return [pattern]
  const end = pattern.indexOf('}', start)
  const choices = pattern.slice(start + 1, end).split(',')
  return choices.flatMap((choice) => spelledOut(pattern.slice(0, start) + choice + pattern.slice(end + 1)))
}

function descend(node: Tree, { rule, children }: Branch, report: Report): Tree | undefined {
  if (isReset(node) || (node.kind === 'scalar' && node.value === null)) return node
  const own = rule ? rule(node, report) : node
  if (!own || children.size === 0 || own.kind === 'scalar') return own
  return own.kind === 'map' ? inMap(own, children, report) : inSeq(own, children, report)
}

function inMap(node: MapNode, children: Map<string, Branch>, report: Report): MapNode {
  const other = children.get('*')
  return withValues(node, (value, key) => {
    const branch = children.get(key) ?? other
    return branch ? descend(value, branch, report) : value
  })
}

function inSeq(node: SeqNode, children: Map<string, Branch>, report: Report): SeqNode {
  const branch = children.get('*')
  return branch ? withItems(node, (item) => descend(item, branch, report)) : node
}

/** Changes the values of a mapping; undefined removes the key. Returns an unchanged node itself. */
export function withValues(node: MapNode, change: (value: Tree, key: string) => Tree | undefined): MapNode {
  let entries: Map<string, Entry> | undefined
  for (const [key, { keyAt, value }] of node.entries) {
    const result = change(value, key)
    if (result === value) continue
    entries ??= new Map(node.entries)
    if (result) entries.set(key, { keyAt, value: result })
    else entries.delete(key)
  }
  return entries ? { ...node, entries } : node
}

/** Changes the items of a list; undefined removes the item. Returns an unchanged node itself. */
export function withItems(node: SeqNode, change: (item: Tree) => Tree | undefined): SeqNode {
  let changed = false
  const items: Tree[] = []
  for (const item of node.items) {
    const result = change(item)
    changed ||= result !== item
    if (result) items.push(result)
  }
  return changed ? { ...node, items } : node
}
