import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { recoverYamlDocuments } from '../../yaml/parse.ts'
import type { Tree } from '../../yaml/tree.ts'
import type { Findings } from '../findings.ts'
import type { Disk } from './disk.ts'
import { Quota } from './quota.ts'
import { readText } from './read.ts'

/** In characters of all files. A file counts again each time that another one includes it; each file also counts a small fixed amount. */
const MOST_TAKEN = 32 * 1024 * 1024
const PER_FILE = 4 * 1024

/** The files of one load. Each is read, and its problems are reported, only once. */
export class StackFiles {
  readonly disk: Disk
  /** Texts by path. */
  readonly texts = new Map<string, string>()
  /** Files that are only used by `extends`. */
  readonly borrowed = new Set<string>()
  /** Documents after interpolation, including the invalid parts that are removed later. */
  readonly interpolated: Tree[] = []
  readonly #stdin: string | undefined
  readonly #findings: Findings
  readonly #documents = new Map<string, Tree[] | undefined>()
  readonly #taken: Quota

  constructor(disk: Disk, stdin: string | undefined, findings: Findings) {
    this.disk = disk
    this.#stdin = stdin
    this.#findings = findings
    const message = `files that are read repeatedly add up to more than ${MOST_TAKEN / 1024 / 1024} MiB`
    this.#taken = new Quota(MOST_TAKEN, () => ({ message, hint: 'include each file only once' }), findings)
  }

  /** The YAML documents of a file, as written; undefined if it cannot be read or parsed. `at` is the place that names the file. */
  documents(file: string, at?: Span): Tree[] | undefined {
    if (!this.#documents.has(file)) this.#documents.set(file, this.#read(file, at))
    return this.#documents.get(file)
  }

  /** Whether the total stays within the limit with this file included once more: includes that double each other would not end. */
  takesIn(file: string, at: Span | undefined, report = this.#findings.report): boolean {
    this.#taken.use(PER_FILE + (this.texts.get(file)?.length ?? 0))
    return this.#taken.isKept(at, report)
  }

  #read(file: string, at: Span | undefined): Tree[] | undefined {
    const stdin = { ok: true as const, value: this.#stdin ?? '', warnings: [] }
    const text = file === '-' ? stdin : readText(this.disk, file, at)
    if (text.ok) this.texts.set(file, text.value)
    const { documents, diagnostics } = text.ok
      ? recoverYamlDocuments(text.value, file)
      : { diagnostics: text.diagnostics }
    for (const problem of diagnostics) this.#findings.report(problem)
    // Names in a file that is only used by `extends` are not referenced elsewhere.
    const hides = !documents || diagnostics.some((problem) => hidesNames(problem, documents))
    if (hides && !this.borrowed.has(file)) this.#findings.incomplete = true
    return documents
  }
}

/** Whether an unresolved alias replaces a section or is merged into one: it may hide names of services. */
function hidesNames({ code, at }: Diagnostic, documents: readonly Tree[]): boolean {
  if (code !== 'yaml-alias' || !at) return false
  const named = documents.flatMap(childrenOf).flatMap(childrenOf)
  return !named.some((node) => contains(node.at, at))
}

function childrenOf(tree: Tree): Tree[] {
  return tree.kind === 'map' ? [...tree.entries.values()].map(({ value }) => value) : []
}

function contains(outer: Span, inner: Span): boolean {
  const starts = outer.line < inner.line || (outer.line === inner.line && outer.col <= inner.col)
  return starts && (outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endCol >= inner.endCol))
}
