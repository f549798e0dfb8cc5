import { error } from '../../diagnostics/diagnostic.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { isNull, seqLike } from '../tree/nodes.ts'
import { type Rule, rewrite } from '../tree/rewrite.ts'
import type { Journal, Scope } from './context.ts'

/** Names and values of a service, as a mapping or list. */
const PAIRS = [
  ['annotations'],
  ['build', 'args'],
  ['build', 'labels'],
  ['deploy', 'labels'],
  ['environment'],
  ['extra_hosts'],
  ['labels'],
  ['sysctls'],
]
const SECTIONS: Readonly<Record<string, readonly string[][]>> = {
  services: PAIRS,
  networks: [['labels']],
  volumes: [['labels']],
}

/**
 * A lone value where names and values belong is a mistake, but not on top of such: `docker compose` merges before it checks
 * types, and appends a text to the list before. What may meet such a list is made one here, and noted until it does.
 * Source: compose-go, override/merge.go.
 */
export function withLists(document: MapNode, { journal, report }: Scope, overrides: boolean): MapNode {
  const aside: Rule = (node) => (node.kind === 'scalar' && node.tag === undefined ? listed(node, journal) : node)
  const rulesFor = (paths: readonly string[][]) => Object.fromEntries(paths.map((path) => [path.join('.'), aside]))
  const inside =
    (paths: readonly string[][]): Rule =>
    (node) =>
      overrides || get(node, 'extends') ? rewrite(node, rulesFor(paths), report) : node
  const rules = Object.entries(SECTIONS).map(([section, paths]) => [`${section}.*`, inside(paths)] as const)
  const changed = rewrite(document, Object.fromEntries(rules), report)
  return changed?.kind === 'map' ? changed : document
}

/** Only a text becomes an item. */
function listed(node: Extract<Tree, { kind: 'scalar' }>, journal: Journal): Tree {
  const problem = error('wrong-type', 'a mapping or a list belongs here, not a single value', {
    at: node.at,
    hint: 'write it as a list, with a dash before it',
  })
  journal.lone.set(node.at, problem)
  return seqLike(typeof node.value === 'string' ? [node] : [], node)
}

/** Takes note that one document is merged onto another. */
export function meetDocuments(base: Tree, over: Tree, journal: Journal): void {
  if (journal.lone.size === 0) return
  for (const [section, paths] of Object.entries(SECTIONS)) {
    const entries = get(over, section)
    if (entries?.kind !== 'map') continue
    for (const [name, { value }] of entries.entries) meet(get(get(base, section), name), value, paths, journal)
  }
}

/** Takes note that a service is merged onto another. */
export function meetServices(base: Tree, over: Tree, journal: Journal): void {
  if (journal.lone.size > 0) meet(base, over, PAIRS, journal)
}

function meet(base: Tree | undefined, over: Tree, paths: readonly string[][], journal: Journal): void {
  for (const path of paths) {
    const [before, after] = [base, over].map((tree) =>
      path.reduce<Tree | undefined>((node, key) => get(node, key), tree),
    )
    const problem = after && journal.lone.get(after.at)
    if (!after || !problem || !before || isNull(before)) continue
    journal.lone.delete(after.at)
    journal.diagnostics.push({ ...problem, severity: 'warning' })
  }
}

/** What met nothing is the mistake that it looks like; of files that only lend services, nobody asked. */
export function reportLone({ journal, report }: Scope): void {
  for (const problem of journal.lone.values()) {
    if (!problem.at || !journal.borrowed.has(problem.at.file)) report(problem)
  }
}
