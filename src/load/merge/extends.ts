import { basename } from 'node:path'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { textAt, withEntries } from '../tree/nodes.ts'
import type { Scope } from './context.ts'
import { type Shelf, type Shelves, shelfOf, taken } from './extends-source.ts'
import { mergeServices } from './merge.ts'
import { meetServices } from './scalar-for-list.ts'

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
  const shelf: Shelf = {
    file,
    directory: scope.directory,
    services: services.entries,
    extended: new Map(),
    aside: new Map(),
  }
  const shelves: Shelves = new Map()
  const extended = extending.map(([name, entry]) => [name, extend(name, entry, shelf, shelves, scope)] as const)
  return withEntries(tree, { services: withEntries(services, Object.fromEntries(extended)) })
}

/** A service of a chain, without `extends`. */
interface Layer {
  name: string
  shelf: Shelf
  own: Tree
}

/** A service on top of what it extends, directly and further up. Without its base, where that cannot be had. */
function extend(name: string, entry: Entry, shelf: Shelf, shelves: Shelves, scope: Scope): Tree {
  const { layers, base, circular } = layersOf(name, entry, shelf, shelves, scope)
  let result = base
  for (const layer of layers.reverse()) {
    if (result) meetServices(result, layer.own, scope.journal)
    result = result && withinSize(layer, scope) ? mergeServices(result, layer.own, scope.form.mergers) : layer.own
    scope.journal.extended += sizeOf(result)
    if (!circular) layer.shelf.extended.set(layer.name, result)
  }
  return result ?? entry.value
}

/** In values of all services: each takes over those of every one that it extends, which adds up in a long row. */
const MOST_EXTENDED = 1_000_000

/** Told once. */
function withinSize({ own }: Layer, { journal, report }: Scope): boolean {
  if (journal.extended <= MOST_EXTENDED) return true
  if (journal.extended === Infinity) return false
  journal.extended = Infinity
  journal.incomplete = true
  const message = `what services take over by extends comes to more than ${MOST_EXTENDED.toLocaleString('en')} values`
  report(error('extends-failed', message, { at: own.at, hint: 'extend one service, not one after the other' }))
  return false
}

/** Two levels deep, as far as merging copies. */
function sizeOf(service: Tree): number {
  if (service.kind !== 'map') return 1
  return [...service.entries.values()].reduce((sum, { value }) => sum + lengthOf(value), 1)
}

function lengthOf(value: Tree): number {
  if (value.kind === 'scalar') return 1
  return 1 + (value.kind === 'map' ? value.entries.size : value.items.length)
}

interface Layers {
  /** The service itself first. */
  layers: Layer[]
  /** What the last of them extends. */
  base?: Tree
  circular?: true
}

/** The way up from a service, to one that extends nothing or is extended already. */
function layersOf(first: string, entry: Entry, start: Shelf, shelves: Shelves, scope: Scope): Layers {
  const layers: Layer[] = []
  const links = new Map<string, Link>()
  let [name, shelf, { keyAt, value }] = [first, start, entry]
  for (;;) {
    const base = shelf.extended.get(name)
    const clause = get(value, 'extends')
    if (base || value.kind !== 'map' || clause?.kind !== 'map') return { layers, base: base ?? value }
    layers.push({ name, shelf, own: withEntries(value, { extends: undefined }) })
    links.set(keyOf(shelf.file, name), { file: shelf.file, service: name, at: clause.at ?? keyAt })
    const source = shelfOf(clause, shelf, shelves, scope)
    const wanted = textAt(clause, 'service')
    if (!source || wanted === undefined) return { layers }
    const circle = links.has(keyOf(source.file, wanted))
    const next = taken(wanted, source, scope)
    if (circle) reportCycle(behind(links, keyOf(source.file, wanted)), scope)
    else if (!next) reportMissing(name, wanted, clause, source, shelf, scope)
    if (circle) return { layers, circular: true }
    if (!next) return { layers }
    scope.journal.trace?.bases.set(value, { service: wanted, file: source.file, entry: next, at: clause.at ?? keyAt })
    ;[name, shelf, { keyAt, value }] = [wanted, source, next]
  }
}

function keyOf(file: string, service: string): string {
  return `${file}\0${service}`
}

function behind(links: ReadonlyMap<string, Link>, key: string): Link[] {
  return [...links.values()].slice([...links.keys()].indexOf(key))
}

/** Told in the same words wherever the circle was entered, so that it is told once. */
function reportCycle(links: readonly Link[], { report }: Scope): void {
  const keys = links.map(({ file, service }) => keyOf(file, service))
  const start = keys.indexOf([...keys].sort()[0] ?? '')
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
): void {
  const at = clause.entries.get('service')?.value.at ?? clause.at
  const place = source.file === shelf.file ? '' : ` in ${basename(source.file)}`
  const hint = didYouMean(
    wanted,
    [...source.services.keys()].filter((known) => known !== name),
  )
  if (isPruned(wanted, source.file, journal.written)) return
  report(
    error('unknown-service', `service "${name}" extends "${foreign(wanted)}", which is not declared${place}`, {
      at,
      hint,
    }),
  )
}

/** A service that was taken out because of its own problems is no missing one. */
function isPruned(service: string, file: string, written: readonly Tree[]): boolean {
  return written.some((tree) => tree.at.file === file && get(get(tree, 'services'), service) !== undefined)
}
