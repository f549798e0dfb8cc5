import { dirname } from 'node:path'
import type { Span } from '../../diagnostics/span.ts'
import { groupBy } from '../../util/object.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { absolute, pathRules } from '../canonical/paths.ts'
import { inFileOrder } from '../schema/schema.ts'
import { diagnosticOf, type ShapeProblem } from '../schema/shape-problems.ts'
import { textAt } from '../tree/nodes.ts'
import { type Report, rewrite } from '../tree/rewrite.ts'
import type { ModelContext } from './context.ts'
import { mergeDocuments } from './merge.ts'

/** Where `extends` looks services up: one file's services, and the directory that its paths start from. */
export interface ExtendsSource {
  file: string
  directory: string
  services: ReadonlyMap<string, Entry>
  /** Results of `extends`, by service. */
  extended: Map<string, Tree>
  /** Problems of shape by service, which count for those that are extended. */
  aside: Map<string, ShapeProblem[]>
}

/** How one document of a file is read. */
export interface Reading {
  /** It overrides an earlier document: a key without a value changes nothing, whatever its type. */
  overrides: boolean
  /** Collects problems of shape instead of reporting them: of a file that is only extended from, those of extended services count. */
  aside?: ShapeProblem[]
  /** Where another file names this one. */
  at?: Span | undefined
}

/** The documents of a file in the form of the context; given by load.ts, which also calls this module. */
export type LoadDocuments = (file: string, context: ModelContext, reading: Reading) => MapNode[]

/** Sources by file: many services may extend those of one. */
export class ExtendsSources {
  readonly #context: ModelContext
  readonly #loadDocuments: LoadDocuments
  readonly #sources = new Map<string, ExtendsSource | undefined>()

  constructor(context: ModelContext, loadDocuments: LoadDocuments) {
    this.#context = context
    this.#loadDocuments = loadDocuments
  }

  /** The source that an `extends` clause in another one's file means; undefined where its file cannot be read. */
  of(clause: MapNode, source: ExtendsSource): ExtendsSource | undefined {
    const written = textAt(clause, 'file')
    if (written === undefined) return source
    const file = absolute(written, source.directory, this.#context.home)
    if (file === source.file) return source
    if (!this.#sources.has(file)) this.#sources.set(file, this.#open(file, clause.entries.get('file')?.value.at))
    return this.#sources.get(file)
  }

  #open(file: string, at: Span | undefined): ExtendsSource | undefined {
    const { files, findings, form } = this.#context
    const context = { ...this.#context, directory: dirname(file) }
    files.borrowed.add(file)
    const aside: ShapeProblem[] = []
    const documents = this.#loadDocuments(file, context, { overrides: false, aside, at })
    if (files.documents(file) === undefined) return undefined
    const rules = pathRules(context, true)
    const placed = documents.map((document) => rewrite(document, rules, findings.report) ?? document)
    const merged = mergeDocuments(placed, form.mergers)
    const services = get(merged, 'services')
    const entries = services?.kind === 'map' ? services.entries : new Map<string, Entry>()
    return { file, directory: context.directory, services: entries, extended: new Map(), aside: byService(aside) }
  }
}

function byService(problems: readonly ShapeProblem[]): Map<string, ShapeProblem[]> {
  const ofServices = problems.filter(({ prune: [section, name] }) => section === 'services' && name !== undefined)
  return groupBy(ofServices, ({ prune }) => String(prune[1]))
}

/** A service that another one extends; the problems of its shape count now. */
export function takeService(name: string, { services, aside }: ExtendsSource, report: Report): Entry | undefined {
  const { listed } = inFileOrder(aside.get(name) ?? [])
  for (const problem of listed) report(diagnosticOf(problem))
  aside.delete(name)
  return services.get(name)
}
