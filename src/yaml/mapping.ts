import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Entry, MapNode, Tree } from './tree.ts'

export interface Key {
  name: string
  at: Span
  /** A plain `<<`: the value is merged into the mapping instead of becoming an entry. */
  merges: boolean
}

export interface Pair {
  key: Key
  value: Tree
  /** The value contains an unresolved alias, which was already reported. */
  broken: boolean
}

/**
 * Builds the entries of a mapping from its pairs. Explicit keys override merged ones, and earlier merged mappings override later
 * ones (yaml.org/type/merge.html). Reports duplicate keys, and merges of anything but mappings; merges two mappings under one key,
 * so that the problems in both are found.
 */
export function entriesOf(pairs: readonly Pair[], report: (problem: Diagnostic) => void): MapNode['entries'] {
  const entries: MapNode['entries'] = new Map()
  const merged: MapNode[] = []
  let merge: Span | undefined
  for (const { key, value, broken } of pairs) {
    const first = key.name === MERGE && merge ? merge : entries.get(key.name)?.keyAt
    if (first) {
      report(duplicate(key, first))
      addRepeated(entries, key.name, value)
    } else if (key.merges) {
      merge = key.at
      merged.push(...mappingsIn(value, broken, report))
    } else entries.set(key.name, { keyAt: key.at, value })
  }
  for (const source of merged) addMissing(entries, source.entries)
  return entries
}

const MERGE = '<<'

function addRepeated(entries: MapNode['entries'], name: string, repeated: Tree): void {
  const first = entries.get(name)
  if (first?.value.kind !== 'map' || repeated.kind !== 'map') return
  const together: MapNode = { ...first.value, entries: new Map(first.value.entries) }
  addMissing(together.entries, repeated.entries)
  entries.set(name, { ...first, value: together })
}

function addMissing(entries: MapNode['entries'], more: ReadonlyMap<string, Entry>): void {
  for (const [name, entry] of more) if (!entries.has(name)) entries.set(name, entry)
}

function mappingsIn(value: Tree, broken: boolean, report: (problem: Diagnostic) => void): MapNode[] {
  const sources = value.kind === 'seq' ? value.items : [value]
  const wrong = sources.find((each) => each.kind !== 'map')
  if (wrong && !broken) {
    const hint = 'write `<<: *name`, or `<<: [*first, *second]` where each name is the anchor of a mapping'
    report(error('wrong-type', 'a merge key (<<) needs a mapping or a list of mappings', { at: wrong.at, hint }))
  }
  return sources.filter((each) => each.kind === 'map')
}

function duplicate({ name, at, merges }: Key, first: Span): Diagnostic {
  return error('yaml-duplicate-key', `duplicate key "${name}" in this mapping`, {
    at,
    hint: merges
      ? 'write one merge key with a list: `<<: [*first, *second]`'
      : 'keep one of them, or merge their contents',
    related: [{ message: 'first defined here', at: first }],
  })
}
