import { type Checked, failed } from '../diagnostics/checked.ts'
import { isError } from '../diagnostics/diagnostic.ts'
import { Graph } from '../graph/graph.ts'
import { dependenciesOf } from '../stack/dependencies.ts'
import type { Stack } from '../stack/model.ts'
import { CANONICAL_FORM } from './canonical-form.ts'
import { check } from './check/check.ts'
import { checkResources } from './check/resources.ts'
import { readContents } from './contents.ts'
import { decode } from './decode.ts'
import { applyDefaults } from './defaults.ts'
import type { Disk } from './disk.ts'
import { applyEnvFiles } from './env-file.ts'
import type { Clash, Loaded, LoadInput } from './loaded.ts'
import { loadModel } from './model.ts'
import { openScope } from './open.ts'
import { activeServices, wantedProfiles } from './profiles.ts'
import { isCompatible } from './project-name.ts'
import { newJournal, type Scope } from './scope.ts'
import { profileDigests } from './security-profiles.ts'
import { collectSensitive } from './sensitive.ts'
import { spanFinder } from './spans.ts'
import { told } from './told.ts'

/**
 * From stack files to the model, in phases; each works on what the ones before it left, so that one run tells every
 * problem. The phases of a single file (read, interpolate, schema, canonical) are in documents.ts and document.ts, those of a model (paths,
 * include, extends, merge, tags) in model.ts. Reads nothing but `disk`.
 */
export function load(input: LoadInput, disk: Disk): Checked<Loaded> {
  const journal = newJournal(input.options)
  const { scope, name } = openScope(input, disk, journal, CANONICAL_FORM)
  const model = loadModel(input.files, scope)
  if (!model) return failed(...told(journal.diagnostics, input, journal, scope.variables))
  const active = activeServices(model, wantedProfiles(input, scope.variables), input.named ?? [])
  if (journal.trace) journal.trace.merged = model
  const complete = applyDefaults(applyEnvFiles(model, active, scope), name, scope.options)
  const contents = readContents(complete, disk, scope.variables)
  const digests = {
    ...Object.fromEntries([...contents].map(([key, { digest }]) => [key, digest])),
    ...profileDigests(complete, disk, scope.directory),
  }
  const decoded = decode(complete, active, { workingDir: scope.directory, configFiles: input.files }, digests)
  const stack: Stack = isCompatible(input, scope.variables) ? { ...decoded, separator: '_' } : decoded
  const graph = graphOf(stack)
  journal.diagnostics.push(...checkResources(model, scope.options.checkConsistency === false))
  const clashes = scope.options.checkConsistency === false ? [] : check(complete, active, graph, disk, journal)
  return finish(input, scope, clashes, () => ({
    stack,
    graph,
    tree: complete,
    clashes,
    sensitive: collectSensitive(complete, contents, scope.variables, journal.texts.values()),
    spanOf: spanFinder(complete),
    sources: journal.texts,
    ...(journal.trace && { trace: journal.trace }),
  }))
}

function graphOf({ services }: Stack): Graph<string> {
  return new Graph(
    Object.entries(services).map(([name, service]) => [name, dependenciesOf(service).map((edge) => edge.service)]),
  )
}

function finish(
  input: LoadInput,
  { journal, variables }: Scope,
  clashes: Clash[],
  loaded: () => Loaded,
): Checked<Loaded> {
  if (!journal.diagnostics.some(isError))
    return { ok: true, value: loaded(), warnings: told(journal.diagnostics, input, journal, variables) }
  const warnings = clashes.map(({ problem }) => ({ ...problem, severity: 'warning' as const }))
  return { ok: false, diagnostics: told([...journal.diagnostics, ...warnings], input, journal, variables) }
}
