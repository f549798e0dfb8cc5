import { basename, dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { type Entry, get, type MapNode, type ScalarNode, type Tree, toData } from '../../yaml/tree.ts'
import { absolute } from '../canonical/paths.ts'
import { readText } from '../file/read.ts'
import { mapLike, textAt, textOf, withEntries } from '../tree/nodes.ts'
import type { Report } from '../tree/rewrite.ts'
import { envFilesOf, readVariables, type Variables } from '../variable/variables.ts'
import type { ModelContext } from './context.ts'
import { placeOfFile } from './place.ts'

const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'] as const

/** Loads the files of one model; provided by load.ts, which also calls this module. */
type LoadModel = (files: readonly string[], context: ModelContext) => MapNode | undefined

/** Adds the resources of every included model to a tree. Source: Compose Specification, 14-include. */
export function applyInclude(tree: MapNode, context: ModelContext, loadModel: LoadModel): MapNode {
  const include = get(tree, 'include')
  if (!include) return tree
  const clauses = include.kind === 'seq' ? include.items.filter((item) => item.kind === 'map') : []
  const models = clauses.map((clause) => includedModel(clause, context, loadModel))
  const report = context.findings.report
  const sections = SECTIONS.map((section) => [section, together(section, tree, models, report)] as const)
  const found = sections.filter(([, node]) => node !== undefined)
  return withEntries(tree, { include: undefined, ...Object.fromEntries(found) })
}

function includedModel(clause: MapNode, context: ModelContext, loadModel: LoadModel): MapNode | undefined {
  const { directory: outer, home, chain, included } = context
  const places = scalarsAt(clause, 'path').map((path) => placeOfFile(textOf(path), path.at, outer, context))
  const files = places.filter((file) => file !== undefined)
  const [main] = files
  if (main === undefined || files.length < places.length) return undefined
  const circle = chainFrom(main, context)
  if (circle) return reportCycle(clause, main, circle, context)
  if (chain.length > MOST_NESTED) return reportDepth(clause, context)
  const own = textAt(clause, 'project_directory')
  const directory = own === undefined ? dirname(main) : absolute(own, outer, home)
  const variables = includedVariables(clause, directory, context)
  const inner = { ...context, directory, variables, chain: [...chain, { file: main, at: clause.at }] }
  const model = loadModel(files, inner)
  if (model) rememberVariables(model, variables, included)
  return model
}

/** The files being loaded, starting with `main`, if it is among them. */
function chainFrom(main: string, { chain }: ModelContext): ModelContext['chain'] | undefined {
  const start = chain.findIndex(({ file }) => file === main)
  return start < 0 ? undefined : chain.slice(start)
}

/** Contents are read after all models are merged, but with the variables of the model that declares them. */
function rememberVariables(model: MapNode, variables: Variables, included: ModelContext['included']): void {
  for (const section of ['secrets', 'configs']) {
    const objects = get(model, section)
    for (const { value } of objects?.kind === 'map' ? objects.entries.values() : []) {
      const at = get(value, 'environment')?.at
      if (at && !included.has(at)) included.set(at, variables)
    }
  }
}

/** Limits the depth of includes: real files stay far below it, and the call stack is finite. */
const MOST_NESTED = 100

/** The including model's variables, then those of the clause's env files or the directory's `.env`. */
function includedVariables(clause: MapNode, directory: string, context: ModelContext): Variables {
  const { variables: outer, files, findings } = context
  const envFiles = includedEnvFiles(clause, context)
  const found = envFilesOf({ environment: {}, envFiles, workingDirectory: directory }, files.disk, directory)
  if (found.ok && found.value.length === 0) return outer
  const values = outer
    .names()
    .filter((name) => !name.startsWith('COMPOSE_'))
    .map((name) => [name, outer.lookup(name)?.value] as const)
  const input = { environment: Object.fromEntries(values), envFiles, workingDirectory: directory }
  const inner = readVariables(input, files.disk, directory)
  for (const problem of inner.ok ? inner.warnings : inner.diagnostics) findings.report(problem)
  return inner.ok ? inFront(outer, inner.value) : outer
}

function inFront(first: Variables, second: Variables): Variables {
  return {
    lookup: (name) => first.lookup(name) ?? second.lookup(name),
    names: () => [...new Set([...first.names(), ...second.names()])].sort(),
  }
}

/** Absolute paths of the clause's env files. Reports and omits missing ones. */
function includedEnvFiles(clause: MapNode, { directory, home, files, findings }: ModelContext): string[] {
  return scalarsAt(clause, 'env_file').flatMap((node) => {
    const file = absolute(textOf(node), directory, home)
    const text = readText(files.disk, file, node.at)
    if (!text.ok) for (const problem of text.diagnostics) findings.report(problem)
    return text.ok ? [file] : []
  })
}

function scalarsAt(clause: MapNode, key: string): ScalarNode[] {
  const list = get(clause, key)
  return list?.kind === 'seq' ? list.items.filter((item) => item.kind === 'scalar') : []
}

function reportCycle(
  clause: MapNode,
  main: string,
  circle: ModelContext['chain'],
  { findings }: ModelContext,
): undefined {
  const names = [...circle.map(({ file }) => file), main].map((file) => basename(file))
  const related = circle
    .slice(1)
    .flatMap(({ file, at }) => (at ? [{ message: `${basename(file)} is included here`, at }] : []))
  findings.incomplete = true
  findings.report(
    error('extends-failed', `files include each other in a circle: ${names.join(' -> ')}`, {
      at: clause.at,
      related,
      hint: 'remove one of these includes',
    }),
  )
  return undefined
}

function reportDepth(clause: MapNode, { findings }: ModelContext): undefined {
  findings.incomplete = true
  const message = `includes are nested more than ${MOST_NESTED} levels deep`
  const hint = 'include the files from one file instead'
  findings.report(error('extends-failed', message, { at: clause.at, hint }))
  return undefined
}

/** Merges a section of a tree with that section of every included model. */
function together(
  section: string,
  tree: MapNode,
  models: readonly (MapNode | undefined)[],
  report: Report,
): Tree | undefined {
  const own = get(tree, section)
  let into: MapNode | undefined = own?.kind === 'map' ? mapLike(own.entries, own) : undefined
  for (const model of models) {
    const from = get(model, section)
    if (from?.kind !== 'map') continue
    if (into) addEntries(section, into, from, report)
    else into = mapLike(from.entries, from)
  }
  return into ?? own
}

function addEntries(section: string, { entries }: MapNode, from: MapNode, report: Report): void {
  for (const [name, entry] of from.entries) {
    const own = entries.get(name)
    if (!own) entries.set(name, entry)
    else if (!isDeepStrictEqual(toData(own.value), toData(entry.value)))
      report(conflict(`${section}.${name}`, own, entry))
  }
}

/** Reports two different definitions of one name; identical ones are not a conflict. */
function conflict(path: string, own: Entry, included: Entry): Diagnostic {
  return error('extends-failed', `${path} is declared differently in an included file`, {
    at: own.keyAt,
    related: [{ message: 'the included declaration', at: included.keyAt }],
    hint: 'rename one of them, or change the included one in an override file',
  })
}
