import { type Checked, failed } from '../diagnostics/checked.ts'
import { isError } from '../diagnostics/diagnostic.ts'
import type { MapNode, Tree } from '../yaml/tree.ts'
import { directoryRules, pathRules } from './canonical/paths.ts'
import { check } from './check/check.ts'
import { checkResources } from './check/resources.ts'
import { sortProblems, usablePart } from './check/selected.ts'
import type { Disk } from './file/disk.ts'
import type { LoadInput } from './input.ts'
import { graphOf, type Loaded, loadedFrom, originOf } from './loaded.ts'
import { isIncluded, type ModelContext } from './merge/context.ts'
import { fillIn, isMapNode, keepShape, remember, reportIfEmpty } from './merge/document.ts'
import { applyExtends } from './merge/extends.ts'
import type { Reading } from './merge/extends-source.ts'
import { CANONICAL_FORM } from './merge/form.ts'
import { applyInclude } from './merge/include.ts'
import { mergeDocuments } from './merge/merge.ts'
import { applyTags } from './merge/tags.ts'
import { digestsOf, readContents } from './model/contents.ts'
import { decode } from './model/decode.ts'
import { applyDefaults } from './model/defaults.ts'
import { applyEnvFiles } from './model/env-file.ts'
import { activeServices, wantedProfiles } from './model/profiles.ts'
import { openContext } from './open-context.ts'
import { failedWith, reported } from './report.ts'
import { rewrite } from './tree/rewrite.ts'

/**
 * Loads stack files into the model. This file lists all phases of loading in order. Each phase works on the previous result without
 * its invalid parts, so that one run reports every problem. Reads only from `disk`.
 */
export function load(input: LoadInput, disk: Disk): Checked<Loaded> {
  const { context, name, isCompatible } = openContext(input, disk, CANONICAL_FORM)
  const { files, findings, variables, options, trace } = context
  const model = loadModel(input.files, context)
  if (!model) return failed(...reported(findings.diagnostics, input, context))
  if (trace) trace.merged = model
  const active = activeServices(model, wantedProfiles(input, variables), input.named ?? [])
  const tree = applyDefaults(applyEnvFiles(model, active, context), name, options)
  const contents = readContents(tree, context)
  const platform = variables.lookup('DOCKER_DEFAULT_PLATFORM')?.value
  const facts = {
    origin: originOf(input, context),
    digests: digestsOf(contents, tree, context),
    ...(platform && { defaultPlatform: platform }),
  }
  const whole = decode(tree, active, { ...facts, ...(isCompatible && { separator: '_' }) })
  findings.add({ diagnostics: checkResources(model, options.checkConsistency === false) })
  if (options.checkConsistency !== false) findings.add(check(tree, active, graphOf(whole), context))
  const problems = sortProblems(input, whole, context)
  if (problems.diagnostics.some(isError)) return failedWith(problems, input, context)
  const stack = usablePart(input, whole, files, problems.clashes)
  const loaded = loadedFrom({ stack, tree, contents, clashes: problems.clashes }, context)
  return { ok: true, value: loaded, warnings: reported(problems.diagnostics, input, context) }
}

/** Loads the files of one model, the stack's or an included one, into one tree in the context's form. */
export function loadModel(names: readonly string[], context: ModelContext): MapNode | undefined {
  const { form, files, findings, scalars, options, variables } = context
  const documents = names.flatMap((file, index) => loadFile(file, context, index > 0))
  const merged = mergeDocuments(documents, form.mergers, scalars)
  if (!isIncluded(context)) scalars.reportRest(files.borrowed)
  if (!merged) return undefined
  reportIfEmpty(merged, names, context)
  const untagged = applyTags(merged)
  const distinct = rewrite(untagged, form.unique, findings.report) ?? untagged
  const settling = { ...form.settle(options, variables), ...directoryRules(context, isIncluded(context)) }
  const settled = rewrite(distinct, settling, findings.report)
  return isMapNode(settled) ? settled : undefined
}

/** Loads the documents of a model's file, with `extends` and `include` applied. */
function loadFile(file: string, context: ModelContext, overrides: boolean): MapNode[] {
  const paths = pathRules(context, isIncluded(context))
  return loadDocuments(file, context, { overrides, at: context.chain.at(-1)?.at })
    .map((document) => rewrite(document, paths, context.findings.report))
    .filter(isMapNode)
    .map((document) => remember(document, file, context))
    .map((document) => applyExtends(document, file, context, loadDocuments))
    .map((document) => applyInclude(document, context, loadModel))
}

/** Loads the documents of any file, even one that is only used by `extends`. */
function loadDocuments(file: string, context: ModelContext, reading: Reading): MapNode[] {
  const documents = context.files.documents(file, reading.at) ?? []
  if (!context.files.takesIn(file, reading.at)) return []
  const readingOf = (index: number) => ({ ...reading, overrides: reading.overrides || index > 0 })
  return documents.flatMap((document, index) => loadDocument(document, context, readingOf(index)) ?? [])
}

/** Processes a document: interpolates variables, removes invalid parts, expands short syntax. */
function loadDocument(written: Tree, context: ModelContext, reading: Reading): MapNode | undefined {
  const { scalars, form, findings } = context
  const filled = fillIn(written, context)
  if (!filled) return undefined
  const wrapped = scalars.wrapIn(filled, reading.overrides)
  const sound = keepShape(wrapped, written, context, reading)
  const canonical = rewrite(sound, form.canonical, findings.report)
  return isMapNode(canonical) ? canonical : undefined
}
