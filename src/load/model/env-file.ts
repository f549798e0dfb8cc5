import type { Checked } from '../../diagnostics/checked.ts'
import { isError } from '../../diagnostics/diagnostic.ts'
import { namesSecret } from '../../stack/sensitive.ts'
import { type Entry, get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { absolute } from '../canonical/paths.ts'
import { withinBounds } from '../file/documents.ts'
import { readText } from '../file/read.ts'
import type { Scope } from '../merge/context.ts'
import { mapLike, textAt, textOf, withEntries } from '../tree/nodes.ts'
import type { Report } from '../tree/rewrite.ts'
import { type Dotenv, parseDotenv } from '../variable/dotenv.ts'
import { variablesOf } from '../variable/variables.ts'

/**
 * The tree with the content of `env_file` in `environment` and that of `label_file` in `labels`. What the stack file says
 * itself wins, then later files; every value keeps the span of its line. A file that is not there is an error of a
 * service that is switched on, unless the entry says `required: false`.
 */
export function applyEnvFiles(tree: MapNode, active: ReadonlySet<string>, scope: Scope): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  const filled = [...services.entries].flatMap(([name, { value }]): [string, Tree][] => {
    if (value.kind !== 'map' || !(get(value, 'env_file') || get(value, 'label_file'))) return []
    return [[name, withFiles(value, { ...scope, report: active.has(name) ? reportOf(name, scope) : () => undefined })]]
  })
  return withEntries(tree, { services: withEntries(services, Object.fromEntries(filled)) })
}

function reportOf(service: string, { report, journal }: Scope): Report {
  return (problem) => {
    if (isError(problem)) journal.clashes.push({ service, problem, firm: true })
    else report(problem)
  }
}

function withFiles(service: MapNode, scope: Scope): MapNode {
  const labels = readAll(itemsOf(service, 'label_file'), { ...scope, variables: NO_VARIABLES })
  const labelled = withEntries(service, {
    label_file: undefined,
    labels: withBehind(get(service, 'labels'), labels, service),
  })
  if (scope.options.resolveEnvironment === false) return labelled
  const own = get(service, 'environment')
  const variables = readAll(itemsOf(service, 'env_file'), scope, own)
  return withEntries(labelled, { env_file: undefined, environment: withBehind(own, variables, service) })
}

/** Label files know nothing but themselves. */
const NO_VARIABLES = variablesOf({})

function itemsOf(service: MapNode, key: string): Tree[] {
  const list = get(service, key)
  return list?.kind === 'seq' ? list.items : []
}

/**
 * Values of all files in order, a later one winning. Variables in them are looked up as `docker compose` does: among those
 * of the stack, in the service's own `environment`, above in the file, and in the files before it.
 */
function readAll(items: readonly Tree[], scope: Scope, environment?: Tree): Dotenv {
  const values: Dotenv = new Map()
  for (const item of items) {
    const read = readOne(item, new Map(values), scope, environment)
    for (const problem of read.ok ? read.warnings : read.diagnostics) scope.report(problem)
    if (!read.ok) continue
    scope.journal.trace?.files.set(item, read.value)
    for (const [name, value] of read.value) values.set(name, value)
  }
  return values
}

function readOne(item: Tree, before: Dotenv, scope: Scope, environment: Tree | undefined): Checked<Dotenv> {
  const { disk, variables, journal, directory, home } = scope
  const node = get(item, 'path') ?? item
  const written = node.kind === 'scalar' ? textOf(node) : ''
  const path = absolute(written, directory, home)
  const optional = item.kind === 'map' && textAt(item, 'required') === 'false'
  if (optional && (written === '' || disk.kind(path) === 'missing')) return { ok: true, value: new Map(), warnings: [] }
  const text = readText(disk, path, node.at)
  if (!text.ok) return text
  journal.texts.set(path, text.value)
  if (!withinBounds(text.value.length, scope, node.at)) return { ok: true, value: new Map(), warnings: [] }
  const own = environment?.kind === 'map' ? environment : undefined
  const lookup = (name: string) => variables.lookup(name)?.value ?? (own && textAt(own, name))
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
