import type { Checked } from '../../diagnostics/checked.ts'
import { isError } from '../../diagnostics/diagnostic.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { absolute } from '../canonical/paths.ts'
import { readText } from '../file/read.ts'
import type { ModelContext } from '../merge/context.ts'
import { itemsAt, mapLike, textAt, textOf, withEntries } from '../tree/nodes.ts'
import type { Report } from '../tree/rewrite.ts'
import { parseDotenv } from '../variable/dotenv.ts'
import type { Dotenv } from '../variable/dotenv-state.ts'
import { type Variables, variablesOf } from '../variable/variables.ts'

/**
 * Adds the content of `env_file` to `environment`, and that of `label_file` to `labels`. Values in the stack file take precedence,
 * then later files; every value keeps the span of its line. A missing file is an error of an active service, unless the entry has
 * `required: false`.
 */
export function applyEnvFiles(tree: MapNode, active: ReadonlySet<string>, context: ModelContext): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  const filled = [...services.entries].flatMap(([name, { value }]): [string, Tree][] => {
    if (value.kind !== 'map' || !(get(value, 'env_file') || get(value, 'label_file'))) return []
    const report = active.has(name) ? reportOf(name, context) : () => undefined
    return [[name, withFiles(value, context, report)]]
  })
  return withEntries(tree, { services: withEntries(services, Object.fromEntries(filled)) })
}

function reportOf(service: string, { findings }: ModelContext): Report {
  return (problem) => {
    if (isError(problem)) findings.clashes.push({ service, problem, firm: true })
    else findings.report(problem)
  }
}

function withFiles(service: MapNode, context: ModelContext, report: Report): MapNode {
  const labels = readAll(itemsAt(service, 'label_file'), context, { variables: NO_VARIABLES, report })
  const labelled = withEntries(service, {
    label_file: undefined,
    labels: withBehind(get(service, 'labels'), labels, service),
  })
  if (context.options.resolveEnvironment === false) return labelled
  const own = get(service, 'environment')
  const { variables } = context
  const values = readAll(itemsAt(service, 'env_file'), context, { variables, own, report })
  return withEntries(labelled, { env_file: undefined, environment: withBehind(own, values, service) })
}

/** Variables are not available in label files. */
const NO_VARIABLES = variablesOf({})

interface Surroundings {
  variables: Variables
  /** The service's own `environment`. */
  own?: Tree | undefined
  report: Report
}

/**
 * Reads the values of all files in order; a later file takes precedence. Variables in them are looked up as in `docker compose`: in
 * the stack's variables, in the service's own `environment`, earlier in the file, and in preceding files.
 */
function readAll(items: readonly Tree[], context: ModelContext, around: Surroundings): Dotenv {
  const values: Dotenv = new Map()
  for (const item of items) {
    const read = readOne(item, new Map(values), context, around)
    for (const problem of read.ok ? read.warnings : read.diagnostics) around.report(problem)
    if (!read.ok) continue
    context.trace?.files.set(item, read.value)
    for (const [name, value] of read.value) values.set(name, value)
  }
  return values
}

function readOne(item: Tree, before: Dotenv, context: ModelContext, around: Surroundings): Checked<Dotenv> {
  const { files, directory, home } = context
  const nothing: Checked<Dotenv> = { ok: true, value: new Map(), warnings: [] }
  const node = get(item, 'path') ?? item
  const written = node.kind === 'scalar' ? textOf(node) : ''
  const path = absolute(written, directory, home)
  const optional = item.kind === 'map' && textAt(item, 'required') === 'false'
  if (optional && (written === '' || files.disk.kind(path) === 'missing')) return nothing
  const text = readText(files.disk, path, node.at)
  if (!text.ok) return text
  files.texts.set(path, text.value)
  if (!files.takesIn(path, node.at, around.report)) return nothing
  const own = around.own?.kind === 'map' ? around.own : undefined
  const lookup = (name: string) => around.variables.lookup(name)?.value ?? (own && textAt(own, name))
  return parseDotenv(text.value, path, lookup, {
    before,
    raw: item.kind === 'map' && textAt(item, 'format') === 'raw',
  })
}

function withBehind(own: Tree | undefined, values: Dotenv, service: MapNode): Tree | undefined {
  if (values.size === 0) return own
  const entries = [...values].map(([name, { value, at }]): [string, Entry] => {
    const secret = namesSecret(name) ? { secret: true as const } : {}
    return [name, { keyAt: at, value: { kind: 'scalar', value, at, ...secret } }]
  })
  return mapLike([...entries, ...(own?.kind === 'map' ? own.entries : [])], own ?? service)
}
