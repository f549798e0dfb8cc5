import { dirname } from 'node:path'
import type { Span } from '../diagnostics/span.ts'
import { type Entry, get, type MapNode, type Tree } from '../source/tree.ts'
import { canonicalDocuments } from './documents.ts'
import { merge } from './merge.ts'
import { textAt } from './nodes.ts'
import { absolute, pathRulesFor } from './paths.ts'
import { rewrite } from './rewrite.ts'
import type { Scope } from './scope.ts'

/** Where `extends` looks services up: one file's services, and the directory that its paths start from. */
export interface Shelf {
  file: string
  directory: string
  services: ReadonlyMap<string, Entry>
  /** What is extended already, by name. */
  extended: Map<string, Tree>
}

/** By file: many services may extend those of one. Undefined where a file cannot be read. */
export type Shelves = Map<string, Shelf | undefined>

/** The shelf that an `extends` clause of another one's file means. */
export function shelfOf(clause: MapNode, shelf: Shelf, shelves: Shelves, scope: Scope): Shelf | undefined {
  const written = textAt(clause, 'file')
  if (written === undefined) return shelf
  const file = absolute(written, shelf.directory, scope.home)
  if (file === shelf.file) return shelf
  if (!shelves.has(file)) shelves.set(file, openShelf(file, clause.entries.get('file')?.value.at, scope))
  return shelves.get(file)
}

function openShelf(file: string, at: Span | undefined, scope: Scope): Shelf | undefined {
  const directory = dirname(file)
  scope.journal.borrowed.add(file)
  const documents = canonicalDocuments(file, { ...scope, directory }, false, at)
  if (scope.journal.parsed.get(file) === undefined) return undefined
  const rules = pathRulesFor(directory, scope, true)
  const merged = documents
    .map((document) => rewrite(document, rules, scope.report) ?? document)
    .reduce<Tree | undefined>((base, over) => (base ? merge(base, over, scope.form.mergers) : over), undefined)
  const services = get(merged, 'services')
  return { file, directory, services: services?.kind === 'map' ? services.entries : new Map(), extended: new Map() }
}
