import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { MapNode, Tree } from '../../yaml/tree.ts'
import { pathRulesFor } from '../canonical/paths.ts'
import { canonicalDocuments } from '../file/documents.ts'
import { rewrite } from '../tree/rewrite.ts'
import type { Scope } from './context.ts'
import { applyExtends } from './extends.ts'
import { applyInclude } from './include.ts'
import { merge } from './merge.ts'
import { meetDocuments, reportLone } from './scalar-for-list.ts'
import { applyTags } from './tags.ts'

/** The files of one model, main or included, as one canonical tree: merged in order, paths absolute, variables filled in. */
export function loadModel(files: readonly string[], scope: Scope): MapNode | undefined {
  const documents = files.flatMap((file, index) => documentsOf(file, scope, index > 0))
  const merged = documents.reduce<Tree | undefined>((base, over) => {
    if (base) meetDocuments(base, over, scope.journal)
    return base ? merge(base, over, scope.form.mergers) : over
  }, undefined)
  if (scope.chain.length <= 1) reportLone(scope)
  if (!merged) return undefined
  if (files.every((file) => scope.journal.parsed.get(file)?.every(isEmpty))) scope.report(saysNothing(merged))
  const untagged = applyTags(merged)
  const distinct = rewrite(untagged, scope.form.unique, scope.report) ?? untagged
  const resolved = rewrite(distinct, scope.form.settle(scope), scope.report)
  return resolved?.kind === 'map' ? resolved : undefined
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'map' && [...tree.entries.keys()].every((key) => key === 'version')
}

function saysNothing({ at }: Tree): Diagnostic {
  return error('file-empty', 'this file says nothing', {
    at,
    hint: 'a stack file needs at least a `services:` section',
  })
}

function documentsOf(file: string, scope: Scope, overrides: boolean): MapNode[] {
  const paths = pathRulesFor(scope.directory, scope, scope.chain.length > 1)
  const at = scope.chain.at(-1)?.at
  return canonicalDocuments(file, scope, overrides, at)
    .map((document) => rewrite(document, paths, scope.report))
    .filter((document) => document?.kind === 'map')
    .map((document) => traced(document, file, scope))
    .map((document) => applyExtends(document, file, scope))
    .map((document) => applyInclude(document, scope, loadModel))
}

function traced(document: MapNode, file: string, { journal, variables, chain }: Scope): MapNode {
  const { trace, parsed } = journal
  if (!trace) return document
  const includedAt = chain.at(-1)?.at
  const written = parsed.get(file)?.find(({ at }) => at.line === document.at.line) ?? document
  trace.variables.set(file, variables)
  trace.documents.push({ file, tree: document, written, ...(includedAt && { includedAt }) })
  return document
}
