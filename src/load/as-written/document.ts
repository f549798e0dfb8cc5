import type { Span } from '../../diagnostics/span.ts'
import type { MapNode, Tree } from '../../source/tree.ts'
import { notAMapping, shapeOfOverride } from '../document.ts'
import { rewrite } from '../rewrite.ts'
import { validateShape } from '../schema.ts'
import type { Scope } from '../scope.ts'
import { LONG_SYNTAX } from './long-syntax.ts'

/** A document with its variables as they stand. What holds one may become anything, and is not checked. */
export function documentAsWritten(document: Tree, scope: Scope, overrides: boolean): MapNode | undefined {
  const { report, journal } = scope
  journal.written.push(document)
  if (document.kind !== 'map') {
    report(notAMapping(document))
    return undefined
  }
  const open = new Set(openPlaces(document))
  const shaped = overrides ? shapeOfOverride(document) : validateShape(document)
  for (const problem of shaped.diagnostics) {
    if (!problem.at || !open.has(placeOf(problem.at))) report(problem)
  }
  const long = rewrite(document, LONG_SYNTAX, report)
  return long?.kind === 'map' ? long : undefined
}

/** Where there are variables. */
function* openPlaces(node: Tree): Generator<string> {
  if (node.kind === 'map') for (const { value } of node.entries.values()) yield* openPlaces(value)
  else if (node.kind === 'seq') for (const item of node.items) yield* openPlaces(item)
  else if (typeof node.value === 'string' && node.value.includes('$')) yield placeOf(node.at)
}

function placeOf({ file, line, col }: Span): string {
  return `${file}:${line}:${col}`
}
