import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts'
import { get, type MapNode, nearest, type Path, type Tree } from '../source/tree.ts'
import { CANONICAL } from './canonical/table.ts'
import { interpolate } from './interpolate.ts'
import { withLists } from './lone.ts'
import { isNull, withEntries } from './nodes.ts'
import { rewrite } from './rewrite.ts'
import { type Shaped, validateShape } from './schema.ts'
import type { Scope } from './scope.ts'

/** A document with variables filled in, what is wrong taken out, and every short syntax expanded. */
export function canonicalDocument(document: Tree, scope: Scope, overrides: boolean): MapNode | undefined {
  const { variables, report, journal } = scope
  const filled = interpolate(document, variables)
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
  for (const problem of shaped.diagnostics) report(problem)
  journal.untold += shaped.untold
  const canonical = rewrite(shaped.tree, CANONICAL, report)
  return canonical?.kind === 'map' ? canonical : undefined
}

/** What an override says nothing of changes nothing, whatever its type. */
export function shapeOfOverride(tree: MapNode): Shaped {
  const shaped = validateShape(tree, true)
  const nulls = shaped.pruned.filter((path) => saysNothing(nearest(tree, path)))
  return nulls.length === 0 ? shaped : validateShape(nulls.reduce(without, tree), true)
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
