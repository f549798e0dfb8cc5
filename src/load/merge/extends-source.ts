import { dirname } from 'node:path'
import type { Span } from '../../diagnostics/span.ts'
import { groupBy } from '../../util/object.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { pathRules } from '../canonical/paths.ts'
import { inFileOrder } from '../schema/schema.ts'
import { diagnosticOf, type ShapeProblem } from '../schema/shape-problems.ts'
import { textAt } from '../tree/nodes.ts'
import { type Report, rewrite } from '../tree/rewrite.ts'
import type { ModelContext } from './context.ts'
import { mergeDocuments } from './merge.ts'
import { placeOfFile } from './place.ts'

/** The scope in which `extends` looks up services: one file's services, and the base directory of its paths. */
export interface ExtendsSource {
  file: string
  directory: string
  services: ReadonlyMap<string, Entry>
  /** Results of `extends`, by service. */
  extended: Map<string, Tree>
  /** Shape problems by service; they count only for services that are extended. */
  aside: Map<string, ShapeProblem[]>
}

/** How to read one document of a file. */
export interface Reading {
  /** The document overrides an earlier one: a key without a value changes nothing, whatever its type. */
  overrides: boolean
  /**
   * Collects shape problems instead of reporting them: in a file that is only used by `extends`, only those of extended services
   * count.
   */
  aside?: ShapeProblem[]
  /** The place where another file names this one. */
  at?: Span | undefined
}

/** Loads the documents of a file in the context's form; provided by load.ts, which also calls this module. */
export type LoadDocuments = (file: string, context: ModelContext, reading: Reading) => MapNode[]

/** Sources by file: many services may extend services of one file. */
export class ExtendsSources {
  readonly #context: ModelContext
  readonly #loadDocuments: LoadDocuments
  readonly #sources = new Map<string, ExtendsSource | undefined>()

  constructor(context: ModelContext, loadDocuments: LoadDocuments) {
    this.#context = context
    this.#loadDocuments = loadDocuments
  }

  /** The source to which an `extends` clause in another source refers; undefined if its file cannot be read. */
  of(clause: MapNode, source: ExtendsSource): ExtendsSource | undefined {
    const written = textAt(clause, 'file')
    if (written === undefined) return source
    const at = clause.entries.get('file')?.value.at
    const file = placeOfFile(written, at, source.directory, this.#context)
    if (file === undefined) return undefined
    if (file === source.file) return source
    if (!this.#sources.has(file)) this.#sources.set(file, this.#open(file, at))
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

/** Takes a service that another one extends; now its shape problems count. */
export function takeService(name: string, { services, aside }: ExtendsSource, report: Report): Entry | undefined {
  const { listed } = inFileOrder(aside.get(name) ?? [])
  for (const problem of listed) report(diagnosticOf(problem))
  aside.delete(name)
  return services.get(name)
}
