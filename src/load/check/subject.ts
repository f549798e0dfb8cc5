import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { get, type MapNode, type Tree } from '../../source/tree.ts'
import type { Journal } from '../scope.ts'

/** What is checked: the canonical tree, and what is known of how it came about. */
export interface Subject {
  tree: MapNode
  /** Active services by name. */
  active: [name: string, service: MapNode][]
  isActive(service: string): boolean
  /** Names declared in a top-level section. */
  namesOf(section: string): string[]
  /** Whether some file says this, even if it was taken out because of a problem of its own. */
  wasWritten(path: readonly string[]): boolean
  /** Whether an error was found already somewhere in this part of a file. */
  isTroubled(path: readonly string[]): boolean
}

export function subjectOf(tree: MapNode, activeNames: ReadonlySet<string>, journal: Journal): Subject {
  const services = get(tree, 'services')
  const entries = services?.kind === 'map' ? [...services.entries] : []
  return {
    tree,
    active: entries.flatMap(([name, { value }]) =>
      value.kind === 'map' && activeNames.has(name) ? [[name, value]] : [],
    ),
    isActive: (service) => activeNames.has(service),
    namesOf: (section) => keysOf(get(tree, section)),
    wasWritten: (path) => journal.written.some((each) => at(each, path) !== undefined),
    isTroubled: (path) => isTroubled(path, journal),
  }
}

/** What a service extends may be troubled elsewhere. */
function isTroubled(path: readonly string[], { written, diagnostics }: Journal): boolean {
  const errors = diagnostics.filter(isError)
  if (written.some((tree) => at(tree, [...path, 'extends']))) return errors.length > 0
  return spansOf(written, path).some((span) => errors.some((problem) => isInside(problem, span)))
}

function keysOf(node: Tree | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

function at(tree: Tree, path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>((node, key) => get(node, key), tree)
}

function spansOf(written: readonly Tree[], path: readonly string[]): Span[] {
  return written.flatMap((tree) => at(tree, path)?.at ?? [])
}

function isInside(problem: Diagnostic, span: Span): boolean {
  const start = problem.at
  return start?.file === span.file && start.line >= span.line && start.line <= span.endLine
}
