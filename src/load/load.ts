import { dirname } from 'node:path'
import { type Checked, failed } from '../diagnostics/checked.ts'
import { type Diagnostic, isError } from '../diagnostics/diagnostic.ts'
import { Graph } from '../graph/graph.ts'
import { dependenciesOf } from '../stack/dependencies.ts'
import type { Stack } from '../stack/model.ts'
import { check } from './check/check.ts'
import { readContents } from './contents.ts'
import { decode } from './decode.ts'
import { applyDefaults } from './defaults.ts'
import type { Disk } from './disk.ts'
import { parsedDocuments } from './documents.ts'
import { applyEnvFiles } from './env-file.ts'
import type { Clash, Loaded, LoadInput } from './loaded.ts'
import { loadModel } from './model.ts'
import { activeServices, wantedProfiles } from './profiles.ts'
import { projectName } from './project-name.ts'
import { type Journal, newJournal, type Scope } from './scope.ts'
import { collectSensitive } from './sensitive.ts'
import { spanFinder } from './spans.ts'
import { readVariables, type Variables, variablesOf } from './variables.ts'

/**
 * From stack files to the model, in phases; each works on what the ones before it left, so that one run tells every
 * problem. The phases of a single file (read, interpolate, schema, canonical) are in documents.ts, those of a model (paths,
 * include, extends, merge, tags) in model.ts. Reads nothing but `disk`.
 */
export function load(input: LoadInput, disk: Disk): Checked<Loaded> {
  const journal = newJournal()
  const { scope, name } = openScope(input, disk, journal)
  const model = loadModel(input.files, scope)
  if (!model) return failed(...inOrder(journal.diagnostics, input))
  const active = activeServices(model, wantedProfiles(input, scope.variables), input.named ?? [])
  const complete = applyDefaults(applyEnvFiles(model, active, scope), name)
  const contents = readContents(complete, disk, scope.variables)
  const digests = Object.fromEntries([...contents].map(([key, { digest }]) => [key, digest]))
  const stack = decode(complete, active, { workingDir: scope.directory, configFiles: input.files }, digests)
  const graph = graphOf(stack)
  const clashes = check(complete, active, graph, disk, journal)
  return finish(input, journal, clashes, () => ({
    stack,
    graph,
    tree: complete,
    clashes,
    sensitive: collectSensitive(complete, contents, scope.variables, journal.texts.values()),
    spanOf: spanFinder(complete),
    sources: journal.texts,
  }))
}

function openScope(input: LoadInput, disk: Disk, journal: Journal): { scope: Scope; name: string } {
  const directory = input.projectDirectory ?? directoryOf(input)
  const report = (problem: Diagnostic) => void journal.diagnostics.push(problem)
  const read = readVariables(input, disk, directory)
  for (const problem of read.ok ? read.warnings : read.diagnostics) report(problem)
  const variables = read.ok ? read.value : variablesOf(input.environment)
  const reading = { disk, stdin: input.stdin, report, journal }
  const documents = () => ({
    ok: true as const,
    value: input.files.flatMap((file) => parsedDocuments(file, reading) ?? []),
    warnings: [],
  })
  const named = projectName(input.projectName, variables, documents, directory)
  if (!named.ok) for (const problem of named.diagnostics) report(problem)
  const name = named.ok ? named.value : 'unnamed'
  const chain = input.files.slice(0, 1).map((file) => ({ file }))
  return { name, scope: { ...reading, home: input.home, directory, variables: withName(variables, name), chain } }
}

function directoryOf({ files, workingDirectory }: LoadInput): string {
  const [first = '-'] = files
  return first === '-' ? workingDirectory : dirname(first)
}

/** Files may use the project's name, wherever it comes from. */
function withName(variables: Variables, name: string): Variables {
  const KEY = 'COMPOSE_PROJECT_NAME'
  return {
    lookup: (key) => (key === KEY ? { value: name, from: 'environment' } : variables.lookup(key)),
    names: () => [...new Set([...variables.names(), KEY])].sort(),
  }
}

function graphOf({ services }: Stack): Graph<string> {
  return new Graph(
    Object.entries(services).map(([name, service]) => [name, dependenciesOf(service).map((edge) => edge.service)]),
  )
}

function finish(input: LoadInput, journal: Journal, clashes: Clash[], loaded: () => Loaded): Checked<Loaded> {
  if (!journal.diagnostics.some(isError))
    return { ok: true, value: loaded(), warnings: inOrder(journal.diagnostics, input) }
  const warnings = clashes.map(({ problem }) => ({ ...problem, severity: 'warning' as const }))
  return failed(...inOrder([...journal.diagnostics, ...warnings], input))
}

/** File by file and from top to bottom, each problem once: an alias or an included file may show the same one again. */
function inOrder(diagnostics: readonly Diagnostic[], { files }: LoadInput): Diagnostic[] {
  const once = new Map(diagnostics.map((each) => [JSON.stringify([each.code, each.at, each.message]), each]))
  const rank = ({ at }: Diagnostic) =>
    at === undefined ? -1 : files.includes(at.file) ? files.indexOf(at.file) : files.length
  return [...once.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.at?.file ?? '', b.at?.file ?? '') ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.col ?? 0) - (b.at?.col ?? 0),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
