import type { Span } from '../../diagnostics/span.ts'
import type { MapNode, Tree } from '../../source/tree.ts'
import { notAMapping } from '../document.ts'
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
  const open = new Set(openPlaces(document, overrides))
  for (const problem of validateShape(document).diagnostics) {
    if (!problem.at || !open.has(placeOf(problem.at))) report(problem)
  }
  const long = rewrite(document, LONG_SYNTAX, report)
  return long?.kind === 'map' ? long : undefined
}

/** Where there are variables; in an override also where there is nothing, which changes nothing. */
function* openPlaces(node: Tree, overrides: boolean): Generator<string> {
  if (node.kind === 'map') for (const { value } of node.entries.values()) yield* openPlaces(value, overrides)
  else if (node.kind === 'seq') for (const item of node.items) yield* openPlaces(item, overrides)
  else if (typeof node.value === 'string' ? node.value.includes('$') : overrides && node.value === null)
    yield placeOf(node.at)
}

function placeOf({ file, line, col }: Span): string {
  return `${file}:${line}:${col}`
}
