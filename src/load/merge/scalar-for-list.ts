import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { get, getIn, type MapNode, type ScalarNode, type Tree } from '../../yaml/tree.ts'
import { isNull, seqLike } from '../tree/nodes.ts'
import { type Report, type Rule, rewrite } from '../tree/rewrite.ts'

/** Attributes that hold names and values, as a mapping or a list. */
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
 * Handles scalars in place of a mapping or list of names and values. Such a scalar is an error, unless it is merged onto a list:
 * `docker compose` merges before it checks types, and appends a string to the list. A scalar that may be merged onto a list is
 * therefore wrapped in a list, and its error is deferred. Source: compose-go, override/merge.go.
 */
export class ScalarsForLists {
  /** The problem of each such value, by span; dropped if the value is merged onto a list. */
  readonly #problems = new Map<Span, Diagnostic>()
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  /** Wraps such values of a document in lists. */
  wrapIn(document: MapNode, overrides: boolean): MapNode {
    const wrap: Rule = (node) => (node.kind === 'scalar' && node.tag === undefined ? this.#wrapped(node) : node)
    const rulesFor = (paths: readonly string[][]) => Object.fromEntries(paths.map((path) => [path.join('.'), wrap]))
    const inside =
      (paths: readonly string[][]): Rule =>
      (node, report) =>
        overrides || get(node, 'extends') ? rewrite(node, rulesFor(paths), report) : node
    const rules = Object.entries(SECTIONS).map(([section, paths]) => [`${section}.*`, inside(paths)] as const)
    const changed = rewrite(document, Object.fromEntries(rules), this.#report)
    return changed?.kind === 'map' ? changed : document
  }

  /** Call before one document is merged onto another. */
  meetDocuments(base: Tree, over: Tree): void {
    if (this.#problems.size === 0) return
    for (const [section, paths] of Object.entries(SECTIONS)) {
      const entries = get(over, section)
      if (entries?.kind !== 'map') continue
      for (const [name, { value }] of entries.entries) this.#meet(get(get(base, section), name), value, paths)
    }
  }

  /** Call before a service is merged onto another. */
  meetServices(base: Tree, over: Tree): void {
    if (this.#problems.size > 0) this.#meet(base, over, PAIRS)
  }

  /** Reports the values that were not merged onto a list. Files that are only used by `extends` do not count. */
  reportRest(borrowed: ReadonlySet<string>): void {
    for (const problem of this.#problems.values()) {
      if (!problem.at || !borrowed.has(problem.at.file)) this.#report(problem)
    }
  }

  /** Only a string becomes an item. */
  #wrapped(node: ScalarNode): Tree {
    const problem = error('wrong-type', 'this must be a mapping or a list, not a single value', {
      at: node.at,
      hint: 'write it as a list item, with a dash before it',
    })
    this.#problems.set(node.at, problem)
    return seqLike(typeof node.value === 'string' ? [node] : [], node)
  }

  #meet(base: Tree | undefined, over: Tree, paths: readonly string[][]): void {
    for (const path of paths) {
      const [before, after] = [getIn(base, path), getIn(over, path)]
      const problem = after && this.#problems.get(after.at)
      if (!after || !problem || !before || isNull(before)) continue
      this.#problems.delete(after.at)
      this.#report({ ...problem, severity: 'warning' })
    }
  }
}
