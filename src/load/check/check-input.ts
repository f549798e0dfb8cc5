import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { get, getIn, type MapNode, type Tree } from '../../yaml/tree.ts'
import { type Findings, MOST_PROBLEMS } from '../findings.ts'
import type { LoadState } from '../merge/context.ts'
import { isReset } from '../tree/nodes.ts'

/** What is checked: the canonical tree, and what is known of how it came about. */
export interface CheckInput {
  tree: MapNode
  /** Active services by name. */
  active: [name: string, service: MapNode][]
  isActive(service: string): boolean
  /** A hint at a name declared in a top-level section; for the first problems alone, since looking takes time. */
  meant(word: string, section: string, except?: string): string | undefined
  /** Whether some file says this, even if it was taken out because of a problem of its own. */
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

/** Only what is wrong is taken out. Without an error, what is not there is `!reset`. */
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

/** What a service extends may be troubled elsewhere. */
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
