import { dirname } from 'node:path'
import type { Span } from '../../diagnostics/span.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { absolute, pathRulesFor } from '../canonical/paths.ts'
import { canonicalDocuments } from '../file/documents.ts'
import { inFileOrder } from '../schema/schema.ts'
import { diagnosticOf, type ShapeProblem } from '../schema/shape-problems.ts'
import { textAt } from '../tree/nodes.ts'
import { rewrite } from '../tree/rewrite.ts'
import type { Scope } from './context.ts'
import { merge } from './merge.ts'

/** Where `extends` looks services up: one file's services, and the directory that its paths start from. */
export interface Shelf {
  file: string
  directory: string
  services: ReadonlyMap<string, Entry>
  /** What is extended already, by name. */
  extended: Map<string, Tree>
  /** Problems of shape by service, which count for those that are extended. */
  aside: Map<string, ShapeProblem[]>
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
  const aside: ShapeProblem[] = []
  const setAside = (problems: readonly ShapeProblem[]) => void aside.push(...problems)
  const documents = canonicalDocuments(file, { ...scope, directory, setAside }, false, at)
  if (scope.journal.parsed.get(file) === undefined) return undefined
  const rules = pathRulesFor(directory, scope, true)
  const merged = documents
    .map((document) => rewrite(document, rules, scope.report) ?? document)
    .reduce<Tree | undefined>((base, over) => (base ? merge(base, over, scope.form.mergers) : over), undefined)
  const services = get(merged, 'services')
  const entries = services?.kind === 'map' ? services.entries : new Map<string, Entry>()
  return { file, directory, services: entries, extended: new Map(), aside: byService(aside) }
}

function byService(problems: readonly ShapeProblem[]): Map<string, ShapeProblem[]> {
  const found = new Map<string, ShapeProblem[]>()
  for (const problem of problems) {
    const [section, name] = problem.prune
    if (section !== 'services' || name === undefined) continue
    const own = found.get(String(name)) ?? []
    own.push(problem)
    found.set(String(name), own)
  }
  return found
}

/** A service that somebody extends; the problems of its shape count now. */
export function taken(name: string, { services, aside }: Shelf, { report }: Scope): Entry | undefined {
  const { told } = inFileOrder(aside.get(name) ?? [])
  for (const problem of told) report(diagnosticOf(problem))
  aside.delete(name)
  return services.get(name)
}
