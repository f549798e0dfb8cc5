import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { recoverYamlDocuments } from '../../yaml/parse.ts'
import type { MapNode, Tree } from '../../yaml/tree.ts'
import type { Journal, Scope } from '../merge/context.ts'
import { readText } from './read.ts'

type Reading = Pick<Scope, 'disk' | 'stdin' | 'report'> & { journal: Journal }

/** The YAML documents of a file, as written; each file is read and its problems are told only once. */
export function parsedDocuments(file: string, scope: Reading, at?: Span): Tree[] | undefined {
  const { parsed } = scope.journal
  if (!parsed.has(file)) parsed.set(file, readDocuments(file, scope, at))
  return parsed.get(file)
}

function readDocuments(
  file: string,
  { disk, stdin, report, journal }: Reading,
  at: Span | undefined,
): Tree[] | undefined {
  const text = file === '-' ? { ok: true as const, value: stdin ?? '', warnings: [] } : readText(disk, file, at)
  if (text.ok) journal.texts.set(file, text.value)
  const { documents, diagnostics } = text.ok
    ? recoverYamlDocuments(text.value, file)
    : { diagnostics: text.diagnostics }
  for (const problem of diagnostics) report(problem)
  // Of a file that is only extended from, nothing is named elsewhere.
  const hides = !documents || diagnostics.some((problem) => hidesNames(problem, documents))
  if (hides && !journal.borrowed.has(file)) journal.incomplete = true
  return documents
}

/** An alias that cannot be resolved, in place of a section or merged into one: it may stand for names of services. */
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

/**
 * The documents of a file with variables filled in, what is wrong taken out, and every short syntax expanded.
 * In a document that overrides others, a key without a value says nothing, whatever its type.
 */
export function canonicalDocuments(file: string, scope: Scope, overrides: boolean, at?: Span): MapNode[] {
  const documents = parsedDocuments(file, scope, at) ?? []
  if (!withinBounds(scope.journal.texts.get(file)?.length ?? 0, scope, at)) return []
  return documents.flatMap((document, index) => scope.form.document(document, scope, overrides || index > 0) ?? [])
}

/** In characters of all files; a file counts each time that another one includes it, and a little for being one. */
const MOST_TAKEN = 32 * 1024 * 1024
const PER_FILE = 4 * 1024

/** Two files that each include two files, and so on, are a small stack that never ends. Told once. */
export function withinBounds(length: number, { journal, report }: Scope, at: Span | undefined): boolean {
  const before = journal.taken
  journal.taken += PER_FILE + length
  if (journal.taken <= MOST_TAKEN) return true
  journal.incomplete = true
  const message = `files are taken in so often that they come to more than ${MOST_TAKEN / 1024 / 1024} MiB`
  if (before <= MOST_TAKEN) report(error('extends-failed', message, { at, hint: 'take each file in once' }))
  return false
}
