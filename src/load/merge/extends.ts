import { basename } from 'node:path'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { Quota } from '../file/quota.ts'
import type { Findings } from '../findings.ts'
import { textAt, withEntries } from '../tree/nodes.ts'
import type { ModelContext } from './context.ts'
import { type ExtendsSource, ExtendsSources, type LoadDocuments, takeService } from './extends-source.ts'
import { mergeServices } from './merge.ts'

/** Applies every `extends` in a tree. Source: Compose Specification, 05-services, "extends". */
export function applyExtends(
  tree: MapNode,
  file: string,
  context: ModelContext,
  loadDocuments: LoadDocuments,
): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  const extending = [...services.entries].filter(([, { value }]) => get(value, 'extends'))
  if (extending.length === 0) return tree
  const source: ExtendsSource = {
    file,
    directory: context.directory,
    services: services.entries,
    extended: new Map(),
    aside: new Map(),
  }
  const sources = new ExtendsSources(context, loadDocuments)
  const extended = extending.map(([name, entry]) => [name, extend({ name, entry, source }, sources, context)] as const)
  return withEntries(tree, { services: withEntries(services, Object.fromEntries(extended)) })
}

/** A service and the place of its declaration. */
interface Declared {
  name: string
  entry: Entry
  source: ExtendsSource
}

/** A service of a chain, without `extends`. */
interface Layer {
  name: string
  source: ExtendsSource
  own: Tree
}

/** Merges a service onto everything that it extends, directly or indirectly. Without its base, if that is unavailable. */
function extend(service: Declared, sources: ExtendsSources, context: ModelContext): Tree {
  const { layers, base, circular } = layersOf(service, sources, context)
  const { scalars, inherited, form } = context
  let result = base
  for (const { name, source, own } of layers.reverse()) {
    if (result) scalars.meetServices(result, own)
    result = result && inherited.isKept(own.at) ? mergeServices(result, own, form.mergers) : own
    inherited.use(sizeOf(result))
    if (!circular) source.extended.set(name, result)
  }
  return result ?? service.entry.value
}

/** Counted in values of all services. */
const MOST_INHERITED = 1_000_000

export function quotaOfExtends(findings: Findings): Quota {
  const problem = () => ({
    message: `services inherit more than ${MOST_INHERITED.toLocaleString('en')} values by extends`,
    hint: 'extend one service directly instead of a long chain',
  })
  return new Quota(MOST_INHERITED, problem, findings)
}

/** Counts two levels, which is what merging copies. */
function sizeOf(service: Tree): number {
  if (service.kind !== 'map') return 1
  return [...service.entries.values()].reduce((sum, { value }) => sum + lengthOf(value), 1)
}

function lengthOf(value: Tree): number {
  if (value.kind === 'scalar') return 1
  return 1 + (value.kind === 'map' ? value.entries.size : value.items.length)
}

interface Link {
  file: string
  service: string
  at: Span
}

interface Layers {
  /** Starts with the service itself. */
  layers: Layer[]
  /** The base of the last layer. */
  base?: Tree
  circular?: true
}

/** The chain from a service to the first one that extends nothing or was processed before. */
function layersOf(first: Declared, sources: ExtendsSources, context: ModelContext): Layers {
  const layers: Layer[] = []
  const links = new Map<string, Link>()
  let service = first
  for (;;) {
    const { name, source, entry } = service
    const base = source.extended.get(name)
    const clause = get(entry.value, 'extends')
    if (base || entry.value.kind !== 'map' || clause?.kind !== 'map') return { layers, base: base ?? entry.value }
    layers.push({ name, source, own: withEntries(entry.value, { extends: undefined }) })
    links.set(keyOf(source.file, name), { file: source.file, service: name, at: clause.at })
    const extended = sources.of(clause, source)
    const wanted = textAt(clause, 'service')
    if (!extended || wanted === undefined) return { layers }
    const circle = linksFrom(keyOf(extended.file, wanted), links)
    const next = takeService(wanted, extended, context.findings.report)
    if (circle) reportCycle(circle, context)
    else if (!next) reportMissing(service, wanted, extended, context)
    if (circle) return { layers, circular: true }
    if (!next) return { layers }
    context.trace?.bases.set(entry.value, { service: wanted, file: extended.file, entry: next, at: clause.at })
    service = { name: wanted, source: extended, entry: next }
  }
}

function keyOf(file: string, service: string): string {
  return `${file}\0${service}`
}

/** The links starting with `key`, if it is among them. */
function linksFrom(key: string, links: ReadonlyMap<string, Link>): Link[] | undefined {
  return links.has(key) ? [...links.values()].slice([...links.keys()].indexOf(key)) : undefined
}

/** Starts with the same link wherever the cycle was entered, so that it is reported only once. */
function reportCycle(links: readonly Link[], { findings }: ModelContext): void {
  const keys = links.map(({ file, service }) => keyOf(file, service))
  const start = keys.indexOf([...keys].sort()[0] ?? '')
  const [first, ...rest] = [...links.slice(start), ...links.slice(0, start)]
  if (!first) return
  const names = [first, ...rest, first].map(({ service }) => service).join(' -> ')
  const related = rest.map(({ service, at }) => ({ message: `the extends of ${service}`, at }))
  findings.report(
    error('extends-failed', `services extend each other in a circle: ${names}`, {
      at: first.at,
      related,
      hint: 'remove one of these extends',
    }),
  )
}

function reportMissing(
  { name, entry, source }: Declared,
  wanted: string,
  extended: ExtendsSource,
  { findings, files }: ModelContext,
): void {
  if (isCutOut(wanted, extended.file, files.interpolated)) return
  const clause = get(entry.value, 'extends')
  const place = source.file === extended.file ? '' : ` in ${basename(extended.file)}`
  const hint = findings.mayHint() ? didYouMean(wanted, [...extended.services.keys()], name) : undefined
  const message = `service "${name}" extends "${foreign(wanted)}", which is not declared${place}`
  findings.report(error('unknown-service', message, { at: get(clause, 'service')?.at ?? clause?.at, hint }))
}

/** Whether a service was removed because of its own problems: then it does not count as missing. */
function isCutOut(service: string, file: string, documents: readonly Tree[]): boolean {
  return documents.some((tree) => tree.at.file === file && get(get(tree, 'services'), service) !== undefined)
}
