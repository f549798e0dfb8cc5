import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { type Journal, MOST_PROBLEMS } from '../merge/context.ts'
import { isReset } from '../tree/nodes.ts'

/** What is checked: the canonical tree, and what is known of how it came about. */
export interface Subject {
  tree: MapNode
  /** Active services by name. */
  active: [name: string, service: MapNode][]
  isActive(service: string): boolean
  /** A hint at a name declared in a top-level section; for the first problems alone, since looking takes time. */
  meant(word: string, section: string, except?: string): string | undefined
  /** Whether some file says this, even if it was taken out because of a problem of its own. */
  wasWritten(path: readonly string[]): boolean
  /** Whether an error was found already somewhere in this part of a file. */
  isTroubled(path: readonly string[]): boolean
}

export function subjectOf(tree: MapNode, activeNames: ReadonlySet<string>, journal: Journal): Subject {
  const services = get(tree, 'services')
  const entries = services?.kind === 'map' ? [...services.entries] : []
  const namesOf = remembered((section) => [
    ...new Set([...keysOf(get(tree, section)), ...journal.written.flatMap((each) => unusable(get(each, section)))]),
  ])
  let asked = 0
  return {
    tree,
    active: entries.flatMap(([name, { value }]) =>
      value.kind === 'map' && activeNames.has(name) ? [[name, value]] : [],
    ),
    isActive: (service) => activeNames.has(service),
    meant: (word, section, except) =>
      asked++ < MOST_PROBLEMS ? didYouMean(word, namesOf(section), except) : undefined,
    wasWritten: (path) =>
      isCut(journal) &&
      journal.written.some((each) => !journal.borrowed.has(each.at.file) && at(each, path) !== undefined),
    isTroubled: (path) => isTroubled(path, journal),
  }
}

/** Only what is wrong is taken out. Without an error, what is not there is `!reset`. */
function isCut({ diagnostics }: Journal): boolean {
  return diagnostics.some(isError)
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
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

/** Names whose values could not be read at all. */
function unusable(node: Tree | undefined): string[] {
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.filter(([, { value }]) => isReset(value)).map(([name]) => name)
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
