import { basename, dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { error } from '../../diagnostics/diagnostic.ts'
import { type Entry, get, type MapNode, type ScalarNode, type Tree, toData } from '../../yaml/tree.ts'
import { absolute } from '../canonical/paths.ts'
import { readText } from '../file/read.ts'
import { mapLike, textAt, textOf, withEntries } from '../tree/nodes.ts'
import { envFilesOf, readVariables, type Variables } from '../variable/variables.ts'
import type { Scope } from './context.ts'

const SECTIONS = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'] as const

/** Loads the files of one model; given by load.ts, which also calls this module. */
type LoadModel = (files: readonly string[], scope: Scope) => MapNode | undefined

/** The tree with the resources of every included model added. Source: Compose Specification, 14-include. */
export function applyInclude(tree: MapNode, scope: Scope, loadModel: LoadModel): MapNode {
  const include = get(tree, 'include')
  if (!include) return tree
  const clauses = include.kind === 'seq' ? include.items.filter((item) => item.kind === 'map') : []
  const models = clauses.map((clause) => includedModel(clause, scope, loadModel))
  const sections = SECTIONS.map((section) => [section, together(section, tree, models, scope)] as const)
  const found = sections.filter(([, node]) => node !== undefined)
  return withEntries(tree, { include: undefined, ...Object.fromEntries(found) })
}

function includedModel(clause: MapNode, scope: Scope, loadModel: LoadModel): MapNode | undefined {
  const files = scalarsAt(clause, 'path').map((path) => absolute(textOf(path), scope.directory, scope.home))
  const [main] = files
  if (main === undefined) return undefined
  const again = scope.chain.findIndex(({ file }) => file === main)
  if (again >= 0) return reportCycle(clause, main, scope, again)
  if (scope.chain.length > MOST_NESTED) return reportDepth(clause, scope)
  const own = textAt(clause, 'project_directory')
  const directory = own === undefined ? dirname(main) : absolute(own, scope.directory, scope.home)
  const chain = [...scope.chain, { file: main, at: clause.at }]
  const variables = includedVariables(clause, directory, scope)
  const model = loadModel(files, { ...scope, directory, chain, variables })
  if (model) rememberVariables(model, variables, scope)
  return model
}

/** Their contents are read once all models are one, and come from what the model itself knows. */
function rememberVariables(model: MapNode, variables: Variables, { journal: { included } }: Scope): void {
  for (const section of ['secrets', 'configs']) {
    const objects = get(model, section)
    for (const { value } of objects?.kind === 'map' ? objects.entries.values() : []) {
      const at = get(value, 'environment')?.at
      if (at && !included.has(at)) included.set(at, variables)
    }
  }
}

/** How deep files include others: nobody's do, and the call stack is finite. */
const MOST_NESTED = 100

/** The including model's variables, and behind them those of the clause's env files or the directory's `.env`. */
function includedVariables(clause: MapNode, directory: string, scope: Scope): Variables {
  const envFiles = includedEnvFiles(clause, scope)
  const outer = scope.variables
  const found = envFilesOf({ environment: {}, envFiles, workingDirectory: directory }, scope.disk, directory)
  if (found.ok && found.value.length === 0) return outer
  const values = outer
    .names()
    .filter((name) => !name.startsWith('COMPOSE_'))
    .map((name) => [name, outer.lookup(name)?.value] as const)
  const inner = readVariables(
    { environment: Object.fromEntries(values), envFiles, workingDirectory: directory },
    scope.disk,
    directory,
  )
  for (const problem of inner.ok ? inner.warnings : inner.diagnostics) scope.report(problem)
  if (!inner.ok) return outer
  const own = inner.value
  return {
    lookup: (name) => outer.lookup(name) ?? own.lookup(name),
    names: () => [...new Set([...outer.names(), ...own.names()])].sort(),
  }
}

/** Absolute paths of the clause's env files, without those that are not there: these are reported. */
function includedEnvFiles(clause: MapNode, scope: Scope): string[] {
  return scalarsAt(clause, 'env_file').flatMap((node) => {
    const file = absolute(textOf(node), scope.directory, scope.home)
    const text = readText(scope.disk, file, node.at)
    if (!text.ok) for (const problem of text.diagnostics) scope.report(problem)
    return text.ok ? [file] : []
  })
}

function scalarsAt(clause: MapNode, key: string): ScalarNode[] {
  const list = get(clause, key)
  return list?.kind === 'seq' ? list.items.filter((item) => item.kind === 'scalar') : []
}

function reportCycle(clause: MapNode, main: string, { chain, report, journal }: Scope, again: number): undefined {
  const circle = [...chain.slice(again).map(({ file }) => file), main].map((file) => basename(file))
  const related = chain
    .slice(again + 1)
    .flatMap(({ file, at }) => (at ? [{ message: `${basename(file)} is included here`, at }] : []))
  journal.incomplete = true
  report(
    error('extends-failed', `files include each other in a circle: ${circle.join(' -> ')}`, {
      at: clause.at,
      related,
      hint: 'remove one of these includes',
    }),
  )
  return undefined
}

function reportDepth(clause: MapNode, { report, journal }: Scope): undefined {
  journal.incomplete = true
  const message = `files include each other more than ${MOST_NESTED} levels deep`
  report(error('extends-failed', message, { at: clause.at, hint: 'include them in one file, one after the other' }))
  return undefined
}

/** A section of a tree with that of every included model added. */
function together(
  section: string,
  tree: MapNode,
  models: readonly (MapNode | undefined)[],
  scope: Scope,
): Tree | undefined {
  const own = get(tree, section)
  let into: MapNode | undefined = own?.kind === 'map' ? mapLike(own.entries, own) : undefined
  for (const model of models) {
    const from = get(model, section)
    if (from?.kind !== 'map') continue
    if (into) addEntries(section, into, from, scope)
    else into = mapLike(from.entries, from)
  }
  return into ?? own
}

function addEntries(section: string, { entries }: MapNode, from: MapNode, scope: Scope): void {
  for (const [name, entry] of from.entries)
    if (!conflicts(section, name, entries.get(name), entry, scope)) entries.set(name, entry)
}

/** Whether a name is taken. The same definition twice does no harm, another one is reported. */
function conflicts(section: string, name: string, own: Entry | undefined, included: Entry, { report }: Scope): boolean {
  if (!own) return false
  if (isDeepStrictEqual(toData(own.value), toData(included.value))) return true
  const hint = 'rename one of them, or change the included one in an override file'
  const related = [{ message: 'the included one', at: included.keyAt }]
  report(
    error('extends-failed', `${section}.${name} is declared here and, differently, in an included file`, {
      at: own.keyAt,
      related,
      hint,
    }),
  )
  return true
}
