import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { get, getIn, type MapNode, type Tree } from '../../yaml/tree.ts'
import { type Findings, MOST_PROBLEMS } from '../findings.ts'
import type { LoadState } from '../merge/context.ts'
import { isReset } from '../tree/nodes.ts'

/** The canonical tree, and facts about its files that checks need. */
export interface CheckInput {
  tree: MapNode
  /** Active services by name. */
  active: [name: string, service: MapNode][]
  isActive(service: string): boolean
  /** A hint at a similar name in a top-level section; only for the first problems, since the search takes time. */
  meant(word: string, section: string, except?: string): string | undefined
  /** Whether a file contains the path, even if it was removed because of its own problems. */
  wasWritten(path: readonly string[]): boolean
  /** Whether an error was found already somewhere in this part of a file. */
  hasErrors(path: readonly string[]): boolean
}

export function checkInputOf(tree: MapNode, activeNames: ReadonlySet<string>, state: LoadState): CheckInput {
  const { interpolated, borrowed } = state.files
  const services = get(tree, 'services')
  const entries = services?.kind === 'map' ? [...services.entries] : []
  const namesOf = remembered((section) => [
    ...new Set([...keysOf(get(tree, section)), ...interpolated.flatMap((each) => unusable(get(each, section)))]),
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
      isCut(state.findings) &&
      interpolated.some((each) => !borrowed.has(each.at.file) && getIn(each, path) !== undefined),
    hasErrors: (path) => hasErrors(path, state),
  }
}

/** Only invalid parts are removed. Without an error, a missing part was removed by `!reset`. */
function isCut({ diagnostics }: Findings): boolean {
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

/** The problems of an extended service may be in another file. */
function hasErrors(path: readonly string[], { files, findings }: LoadState): boolean {
  const errors = findings.diagnostics.filter(isError)
  if (files.interpolated.some((tree) => getIn(tree, [...path, 'extends']))) return errors.length > 0
  return spansOf(files.interpolated, path).some((span) => errors.some((problem) => isInside(problem, span)))
}

function keysOf(node: Tree | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

/** Names whose values could not be read at all. */
function unusable(node: Tree | undefined): string[] {
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.filter(([, { value }]) => isReset(value)).map(([name]) => name)
}

function spansOf(documents: readonly Tree[], path: readonly string[]): Span[] {
  return documents.flatMap((tree) => getIn(tree, path)?.at ?? [])
}

function isInside(problem: Diagnostic, span: Span): boolean {
  const start = problem.at
  return start?.file === span.file && start.line >= span.line && start.line <= span.endLine
}
