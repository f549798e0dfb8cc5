import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts'
import { get, type MapNode, nearest, type Path, type Tree } from '../yaml/tree.ts'
import { CANONICAL } from './canonical/table.ts'
import type { Scope } from './merge/context.ts'
import { withLists } from './merge/scalar-for-list.ts'
import { type Shaped, validateShape } from './schema/schema.ts'
import { isNull, mapOf, withEntries } from './tree/nodes.ts'
import { rewrite } from './tree/rewrite.ts'
import { interpolate } from './variable/interpolate.ts'

/** A document with variables filled in, what is wrong taken out, and every short syntax expanded. */
export function canonicalDocument(document: Tree, scope: Scope, overrides: boolean): MapNode | undefined {
  const { variables, report, journal } = scope
  const filled = interpolate(document, variables, journal.room)
  journal.written.push(filled.tree)
  for (const problem of filled.diagnostics) report(problem)
  if (filled.tree.kind !== 'map') {
    report(notAMapping(filled.tree))
    return undefined
  }
  const version = filled.tree.entries.get('version')
  if (version)
    report(warning('obsolete', '`version` is obsolete and ignored', { at: version.keyAt, hint: 'remove the line' }))
  const tree = withLists(filled.tree, scope, overrides)
  const shaped = overrides ? shapeOfOverride(tree) : validateShape(tree)
  tellShape(shaped, tree, scope)
  const canonical = rewrite(shaped.tree, CANONICAL, report)
  return canonical?.kind === 'map' ? canonical : undefined
}

export function tellShape(shaped: Shaped, tree: MapNode, { report, setAside, journal }: Scope): void {
  if (setAside) setAside(shaped.problems.filter(({ prune }) => !isEmptyService(tree, prune)))
  else for (const problem of shaped.diagnostics) report(problem)
  if (!setAside) journal.untold += shaped.untold
}

/** One that says nothing, such as `base:`, may stand in a file that is only extended from. */
function isEmptyService(tree: MapNode, path: Path): boolean {
  return path.length === 2 && path[0] === 'services' && isNull(nearest(tree, path))
}

/** What an override says nothing of changes nothing, whatever its type. */
export function shapeOfOverride(tree: MapNode): Shaped {
  const shaped = validateShape(tree, true)
  const nulls = shaped.problems.map(({ prune }) => prune).filter((path) => saysNothing(nearest(tree, path)))
  const silent = (into: MapNode, path: Path) =>
    isEmptyService(into, path) ? emptied(into, String(path[1])) : without(into, path)
  return nulls.length === 0 ? shaped : validateShape(nulls.reduce(silent, tree), true)
}

/** Its name stays: where no earlier file says what the service is, that is told. */
function emptied(tree: MapNode, service: string): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  return withEntries(tree, { services: withEntries(services, { [service]: mapOf({}, services) }) })
}

/** `!override null` takes away what a file before says, and then stands there itself. */
function saysNothing(node: Tree): boolean {
  return isNull(node) && node.tag === undefined
}

function without(tree: MapNode, path: Path): MapNode {
  const [key, ...rest] = path.map(String)
  const child = key === undefined ? undefined : get(tree, key)
  if (key === undefined || child === undefined) return tree
  if (rest.length === 0) return withEntries(tree, { [key]: undefined })
  return child.kind === 'map' ? withEntries(tree, { [key]: without(child, rest) }) : tree
}

export function notAMapping({ at, kind }: Tree): Diagnostic {
  const found = kind === 'seq' ? 'a list' : 'a single value'
  return error('wrong-type', `a stack file is a mapping, but this is ${found}`, {
    at,
    hint: 'start it with `services:`',
  })
}
