import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { recoverYamlDocuments } from '../source/parse.ts'
import { get, type MapNode, nearest, type Path, type Tree } from '../source/tree.ts'
import { CANONICAL } from './canonical/table.ts'
import { interpolate } from './interpolate.ts'
import { isNull, withEntries } from './nodes.ts'
import { readText } from './read.ts'
import { rewrite } from './rewrite.ts'
import { type Shaped, validateShape } from './schema.ts'
import type { Journal, Scope } from './scope.ts'

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
  if (!documents || diagnostics.some((problem) => hidesNames(problem, documents))) journal.incomplete = true
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
  return documents.flatMap((document, index) => canonicalDocument(document, scope, overrides || index > 0) ?? [])
}

function canonicalDocument(
  document: Tree,
  { variables, report, journal }: Scope,
  overrides: boolean,
): MapNode | undefined {
  const filled = interpolate(document, variables)
  journal.written.push(filled.tree)
  for (const problem of filled.diagnostics) report(problem)
  if (filled.tree.kind !== 'map') {
    report(notAMapping(filled.tree))
    return undefined
  }
  const version = filled.tree.entries.get('version')
  if (version)
    report(warning('obsolete', '`version` is obsolete and ignored', { at: version.keyAt, hint: 'remove the line' }))
  const shaped = overrides ? shapeOfOverride(filled.tree) : validateShape(filled.tree)
  for (const problem of shaped.diagnostics) report(problem)
  journal.untold += shaped.untold
  const canonical = rewrite(shaped.tree, CANONICAL, report)
  return canonical?.kind === 'map' ? canonical : undefined
}

function shapeOfOverride(tree: MapNode): Shaped {
  const shaped = validateShape(tree)
  const nulls = shaped.pruned.filter((path) => isNull(nearest(tree, path)))
  return nulls.length === 0 ? shaped : validateShape(nulls.reduce(without, tree))
}

function without(tree: MapNode, path: Path): MapNode {
  const [key, ...rest] = path.map(String)
  const child = key === undefined ? undefined : get(tree, key)
  if (key === undefined || child === undefined) return tree
  if (rest.length === 0) return withEntries(tree, { [key]: undefined })
  return child.kind === 'map' ? withEntries(tree, { [key]: without(child, rest) }) : tree
}

function notAMapping({ at, kind }: Tree): Diagnostic {
  const found = kind === 'seq' ? 'a list' : 'a single value'
  return error('wrong-type', `a stack file is a mapping, but this is ${found}`, {
    at,
    hint: 'start it with `services:`',
  })
}
