import { type Checked, failed } from '../diagnostics/checked.ts'
import { isError } from '../diagnostics/diagnostic.ts'
import { Graph } from '../graph/graph.ts'
import { dependenciesOf } from '../stack/dependencies.ts'
import type { Origin, Stack } from '../stack/model.ts'
import { get, type MapNode } from '../yaml/tree.ts'
import { check } from './check/check.ts'
import { checkResources } from './check/resources.ts'
import { type Sorted, sortProblems, withNames, withoutBroken } from './check/selected.ts'
import { isCompatible } from './discover/project-name.ts'
import type { Disk } from './file/disk.ts'
import type { Clash, Loaded, LoadInput } from './loaded.ts'
import { CANONICAL_FORM } from './merge/canonical-form.ts'
import { type Journal, newJournal, type Scope } from './merge/context.ts'
import { loadModel } from './merge/model.ts'
import { readContents, variableOf } from './model/contents.ts'
import { decode } from './model/decode.ts'
import { applyDefaults } from './model/defaults.ts'
import { applyEnvFiles } from './model/env-file.ts'
import { activeServices, wantedProfiles } from './model/profiles.ts'
import { profileDigests } from './model/security-profiles.ts'
import { openScope } from './open-context.ts'
import { asTold, told } from './report.ts'
import { collectSensitive } from './sensitive.ts'
import { spanFinder } from './tree/spans.ts'

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
  const contents = readContents(complete, scope)
  const digests = {
    ...Object.fromEntries([...contents].map(([key, { digest }]) => [key, digest])),
    ...profileDigests(complete, disk, scope.directory),
  }
  const decoded = decode(complete, active, originOf(input, scope.directory), digests)
  const whole: Stack = isCompatible(input, scope.variables) ? { ...decoded, separator: '_' } : decoded
  journal.diagnostics.push(...checkResources(model, scope.options.checkConsistency === false))
  if (scope.options.checkConsistency !== false)
    journal.clashes.push(...check(complete, active, graphOf(whole), disk, journal))
  const { diagnostics, clashes } = sortProblems(input, whole, journal)
  const stack = usable(input, whole, journal, clashes)
  return finish(input, scope, { diagnostics, clashes }, () => ({
    stack,
    graph: graphOf(stack),
    tree: complete,
    clashes: toldClashes(clashes, scope),
    sensitive: collectSensitive(complete, contents, scope.variables, journal.texts.values()),
    spanOf: spanFinder(complete),
    sources: journal.texts,
    variableOf: (section, name) => variableIn(complete, section, name, scope),
    ...(journal.trace && { trace: journal.trace }),
  }))
}

/** What is passed over because of its problems is not worked with. */
function usable({ named, options }: LoadInput, stack: Stack, journal: Journal, clashes: Clash[]): Stack {
  if (options?.strict === 'none') return withNames(stack, journal)
  return named?.length && options?.strict !== 'files' ? withoutBroken(stack, journal, clashes) : stack
}

function originOf({ files, envFiles }: LoadInput, workingDir: string): Origin {
  return { workingDir, configFiles: files, ...(envFiles.length > 0 && { envFiles }) }
}

function variableIn(tree: MapNode, section: string, name: string, scope: Scope): string | undefined {
  const object = get(get(tree, section), name)
  return object?.kind === 'map' ? variableOf(object, scope) : undefined
}

function toldClashes(clashes: readonly Clash[], { journal, variables }: Scope): Clash[] {
  const problems = asTold(
    clashes.map(({ problem }) => problem),
    journal,
    variables,
  )
  return clashes.map((clash, index) => ({ ...clash, problem: problems[index] ?? clash.problem }))
}

function graphOf({ services }: Stack): Graph<string> {
  return new Graph(
    Object.entries(services).map(([name, service]) => [name, dependenciesOf(service).map((edge) => edge.service)]),
  )
}

function finish(
  input: LoadInput,
  { journal, variables }: Scope,
  { diagnostics, clashes }: Sorted,
  loaded: () => Loaded,
): Checked<Loaded> {
  if (!diagnostics.some(isError))
    return { ok: true, value: loaded(), warnings: told(diagnostics, input, journal, variables) }
  const others = clashes.filter(({ firm }) => !firm)
  const warnings = others.map(({ problem }) => ({ ...problem, severity: 'warning' as const }))
  return { ok: false, diagnostics: told([...diagnostics, ...warnings], input, journal, variables) }
}
