import { dirname } from 'node:path'
import { type Checked, failed } from '../diagnostics/checked.ts'
import { type Diagnostic, error, isError, warning } from '../diagnostics/diagnostic.ts'
import { Graph } from '../graph/graph.ts'
import { dependenciesOf } from '../stack/dependencies.ts'
import type { Stack } from '../stack/model.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'
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
import { type Journal, MOST_PROBLEMS, newJournal, type Scope } from './scope.ts'
import { collectSensitive, secretsWritten } from './sensitive.ts'
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
  if (!model) return failed(...told(journal.diagnostics, input, journal, scope.variables))
  const active = activeServices(model, wantedProfiles(input, scope.variables), input.named ?? [])
  const complete = applyDefaults(applyEnvFiles(model, active, scope), name)
  const contents = readContents(complete, disk, scope.variables)
  const digests = Object.fromEntries([...contents].map(([key, { digest }]) => [key, digest]))
  const stack = decode(complete, active, { workingDir: scope.directory, configFiles: input.files }, digests)
  const graph = graphOf(stack)
  const clashes = check(complete, active, graph, disk, journal)
  return finish(input, scope, clashes, () => ({
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
  const documents = () => {
    const read = input.files.map((file) => parsedDocuments(file, reading))
    // The name may stand in a file that cannot be read: another one would only confuse.
    if (read.includes(undefined)) return failed()
    return { ok: true as const, value: read.flatMap((each) => each ?? []), warnings: [] }
  }
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

/** What is told of the problems: in order, not endless, and without what the files say in secret. */
function told(
  diagnostics: readonly Diagnostic[],
  input: LoadInput,
  journal: Journal,
  variables: Variables,
): Diagnostic[] {
  const ordered = inOrder(diagnostics, input)
  const shown = ordered.slice(0, MOST_PROBLEMS)
  const more = ordered.length - shown.length + journal.untold
  if (shown.length === 0) return shown
  const sensitive = secretsWritten(journal.written, variables, journal.texts.values())
  const open = sensitive.values.size === 0 ? shown : shown.map((each) => redacted(each, sensitive))
  return more === 0 ? open : [...open, untold(more, ordered.slice(0, MOST_PROBLEMS + 1).some(isError))]
}

function redacted(problem: Diagnostic, sensitive: Sensitive): Diagnostic {
  const { message, hint, related } = problem
  return {
    ...problem,
    message: redact(message, sensitive),
    ...(hint !== undefined && { hint: redact(hint, sensitive) }),
    ...(related && { related: related.map((each) => ({ ...each, message: redact(each.message, sensitive) })) }),
  }
}

function untold(count: number, errors: boolean): Diagnostic {
  const message = `${count.toLocaleString('en')} more ${count === 1 ? 'problem is' : 'problems are'} not shown`
  return (errors ? error : warning)('invalid-value', message, { hint: 'mend those above first' })
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
