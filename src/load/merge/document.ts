import { type Diagnostic, error, warning } from '../../diagnostics/diagnostic.ts'
import type { Entry, MapNode, Tree } from '../../yaml/tree.ts'
import { shapeAroundVariables } from '../schema/open-values.ts'
import { isEmptyService, shapeOfOverride } from '../schema/override.ts'
import { validateShape } from '../schema/schema.ts'
import { interpolate } from '../variable/interpolate.ts'
import type { ModelContext } from './context.ts'
import type { Reading } from './extends-source.ts'

export function isMapNode(tree: Tree | undefined): tree is MapNode {
  return tree?.kind === 'map'
}

/** Interpolates a document if the form requires it; undefined for a document that is not a mapping. */
export function fillIn(document: Tree, context: ModelContext): MapNode | undefined {
  const { form, files, findings, variables, room } = context
  const { tree, diagnostics } = form.fillsIn
    ? interpolate(document, variables, room)
    : { tree: document, diagnostics: [] }
  files.interpolated.push(tree)
  for (const problem of diagnostics) findings.report(problem)
  if (!isMapNode(tree)) findings.report(notAMapping(tree))
  const version = isMapNode(tree) && form.fillsIn ? tree.entries.get('version') : undefined
  if (version) findings.report(obsoleteVersion(version))
  return isMapNode(tree) ? tree : undefined
}

function notAMapping({ at, kind }: Tree): Diagnostic {
  const found = kind === 'seq' ? 'a list' : 'a single value'
  return error('wrong-type', `a stack file must be a mapping, but this is ${found}`, {
    at,
    hint: 'start it with `services:`',
  })
}

function obsoleteVersion({ keyAt: at }: Entry): Diagnostic {
  return warning('obsolete', '`version` is obsolete and ignored', { at, hint: 'remove the line' })
}

/**
 * Removes the parts of a document with the wrong shape. Reports their problems, or collects them for the services that extend the
 * document's.
 */
export function keepShape(
  document: MapNode,
  written: Tree,
  { form, findings }: ModelContext,
  reading: Reading,
): MapNode {
  const { overrides, aside } = reading
  const checkShape = overrides ? shapeOfOverride : validateShape
  const shaped = form.fillsIn ? checkShape(document) : shapeAroundVariables(document, written, overrides)
  if (aside) aside.push(...shaped.problems.filter(({ prune }) => !isEmptyService(document, prune)))
  else findings.add({ diagnostics: shaped.diagnostics, unlisted: shaped.unlisted })
  return shaped.tree
}

export function remember(document: MapNode, file: string, { trace, variables, files, chain }: ModelContext): MapNode {
  if (!trace) return document
  const includedAt = chain.at(-1)?.at
  const written = files.documents(file)?.find(({ at }) => at.line === document.at.line) ?? document
  trace.variables.set(file, variables)
  trace.documents.push({ file, tree: document, written, ...(includedAt && { includedAt }) })
  return document
}

export function reportIfEmpty(merged: Tree, names: readonly string[], { files, findings }: ModelContext): void {
  const isEmpty = (tree: Tree) => isMapNode(tree) && [...tree.entries.keys()].every((key) => key === 'version')
  if (!names.every((file) => files.documents(file)?.every(isEmpty))) return
  const hint = 'a stack file needs at least a `services:` section'
  findings.report(error('file-empty', 'this file is empty', { at: merged.at, hint }))
}
