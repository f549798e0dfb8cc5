import { didYouMean } from '../../diagnostics/suggest.ts'
import { groupBy, remembered } from '../../util/object.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import type { LoadState } from '../merge/context.ts'
import { isReset } from '../tree/nodes.ts'
import { type ErrorLines, errorLinesOf } from './error-lines.ts'

/** The canonical tree, and facts about its files that checks need. */
export interface CheckInput {
  tree: MapNode
  active: [name: string, service: MapNode][]
  isActive(service: string): boolean
  /** A hint about a similar name in a top-level section; only for the first problems, since the search is slow. */
  meant(word: string, section: string, except?: string): string | undefined
  /** Whether a file contains a member of a top-level section, even if the member was removed because of its own problems. */
  wasWritten(section: string, name: string): boolean
  /** Whether an error was already found in such a member. */
  hasErrors(section: string, name: string): boolean
}

export function checkInputOf(tree: MapNode, activeNames: ReadonlySet<string>, state: LoadState): CheckInput {
  const { interpolated, borrowed } = state.files
  const services = get(tree, 'services')
  const entries = services?.kind === 'map' ? [...services.entries] : []
  const namesOf = remembered((section) => [
    ...new Set([...keysOf(get(tree, section)), ...interpolated.flatMap((each) => unusable(get(each, section)))]),
  ])
  const written = remembered((section) => membersOf(interpolated, section))
  const errors = errorLinesOf(state.findings.diagnostics)
  return {
    tree,
    active: entries.flatMap(([name, { value }]) =>
      value.kind === 'map' && activeNames.has(name) ? [[name, value]] : [],
    ),
    isActive: (service) => activeNames.has(service),
    meant: (word, section, except) =>
      state.findings.mayHint() ? didYouMean(word, namesOf(section), except) : undefined,
    // Only invalid parts are removed. Without an error, `!reset` removed the missing part.
    wasWritten: (section, name) =>
      errors.count > 0 && (written(section).get(name) ?? []).some(({ value }) => !borrowed.has(value.at.file)),
    hasErrors: (section, name) => hasErrors(written(section).get(name) ?? [], errors),
  }
}

/** An extended service's problems may be in another file. */
function hasErrors(members: readonly Member[], errors: ErrorLines): boolean {
  if (members.some(({ value }) => get(value, 'extends'))) return errors.count > 0
  return members.some(({ value }) => errors.isIn(value.at))
}

interface Member {
  name: string
  value: Tree
}

/** The members of a top-level section in all documents, by name. */
function membersOf(documents: readonly Tree[], section: string): Map<string, Member[]> {
  const members = documents.flatMap((document) => {
    const node = get(document, section)
    return node?.kind === 'map' ? Array.from(node.entries, ([name, { value }]): Member => ({ name, value })) : []
  })
  return groupBy(members, ({ name }) => name)
}

function keysOf(node: Tree | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : []
}

/** Names whose values could not be parsed at all. */
function unusable(node: Tree | undefined): string[] {
  const entries = node?.kind === 'map' ? [...node.entries] : []
  return entries.filter(([, { value }]) => isReset(value)).map(([name]) => name)
}
