import { basename, dirname } from 'node:path'
import { error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { type Entry, get, type MapNode, type Tree } from '../source/tree.ts'
import { canonicalDocuments } from './documents.ts'
import { merge, mergeServices } from './merge.ts'
import { textAt, withEntries } from './nodes.ts'
import { absolute, pathRules } from './paths.ts'
import { rewrite } from './rewrite.ts'
import type { Scope } from './scope.ts'
import { didYouMean } from './suggest.ts'

/** Where services are looked up: one file's services, and the directory that its paths start from. */
interface Shelf {
  file: string
  directory: string
  services: ReadonlyMap<string, Entry>
}

interface Link {
  file: string
  service: string
  at: Span
}

/** The tree with every `extends` carried out. Source: Compose Specification, 05-services, "extends". */
export function applyExtends(tree: MapNode, file: string, scope: Scope): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  const extending = [...services.entries].filter(([, { value }]) => get(value, 'extends'))
  if (extending.length === 0) return tree
  const shelf = { file, directory: scope.directory, services: services.entries }
  const extended = extending.map(([name, entry]) => [name, extend(name, entry, shelf, scope, [])] as const)
  return withEntries(tree, { services: withEntries(services, Object.fromEntries(extended)) })
}

/** A service on top of what it extends, directly and further up. Without its base, where that cannot be had. */
function extend(name: string, { keyAt, value }: Entry, shelf: Shelf, scope: Scope, chain: readonly Link[]): Tree {
  const clause = get(value, 'extends')
  if (value.kind !== 'map' || clause?.kind !== 'map') return value
  const own = withEntries(value, { extends: undefined })
  const links = [...chain, { file: shelf.file, service: name, at: clause.at ?? keyAt }]
  const source = shelfOf(clause, shelf, scope)
  const wanted = textAt(clause, 'service')
  if (!source || wanted === undefined) return own
  const base = source.services.get(wanted)
  const again = links.findIndex((link) => link.file === source.file && link.service === wanted)
  if (again >= 0) reportCycle(links.slice(again), scope)
  if (again >= 0) return own
  if (!base) return reportMissing(name, wanted, clause, source, shelf, scope, own)
  return mergeServices(extend(wanted, base, source, scope, links), own)
}

function shelfOf(clause: MapNode, shelf: Shelf, scope: Scope): Shelf | undefined {
  const written = textAt(clause, 'file')
  if (written === undefined) return shelf
  const file = absolute(written, shelf.directory, scope.home)
  if (file === shelf.file) return shelf
  const directory = dirname(file)
  const documents = canonicalDocuments(file, { ...scope, directory }, false, clause.entries.get('file')?.value.at)
  if (scope.journal.parsed.get(file) === undefined) return undefined
  const rules = pathRules(directory, scope.home)
  const merged = documents
    .map((document) => rewrite(document, rules, scope.report) ?? document)
    .reduce<Tree | undefined>((base, over) => (base ? merge(base, over) : over), undefined)
  const services = get(merged, 'services')
  return { file, directory, services: services?.kind === 'map' ? services.entries : new Map() }
}

/** Told in the same words wherever the circle was entered, so that it is told once. */
function reportCycle(links: readonly Link[], { report }: Scope): void {
  const keyOf = ({ file, service }: Link) => `${file}\0${service}`
  const start = links.map(keyOf).indexOf(links.map(keyOf).sort()[0] ?? '')
  const [first, ...rest] = [...links.slice(start), ...links.slice(0, start)]
  if (!first) return
  const names = [first, ...rest, first].map(({ service }) => service).join(' -> ')
  const related = rest.map(({ service, at }) => ({ message: `what ${service} extends`, at }))
  report(
    error('extends-failed', `services extend each other in a circle: ${names}`, {
      at: first.at,
      related,
      hint: 'remove one of these extends',
    }),
  )
}

function reportMissing(
  name: string,
  wanted: string,
  clause: MapNode,
  source: Shelf,
  shelf: Shelf,
  { report, journal }: Scope,
  own: Tree,
): Tree {
  const at = clause.entries.get('service')?.value.at ?? clause.at
  const place = source.file === shelf.file ? '' : ` in ${basename(source.file)}`
  const hint = didYouMean(
    wanted,
    [...source.services.keys()].filter((known) => known !== name),
  )
  if (isPruned(wanted, source.file, journal.written)) return own
  report(error('unknown-service', `service "${name}" extends "${wanted}", which is not declared${place}`, { at, hint }))
  return own
}

/** A service that was taken out because of its own problems is no missing one. */
function isPruned(service: string, file: string, written: readonly Tree[]): boolean {
  return written.some((tree) => tree.at.file === file && get(get(tree, 'services'), service) !== undefined)
}
