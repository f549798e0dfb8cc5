import type { Span } from '../../../diagnostics/span.ts'
import type { MapNode, Path, Tree } from '../../../yaml/tree.ts'
import { notAMapping, shapeOfOverride, tellShape } from '../../document.ts'
import type { Scope } from '../../merge/context.ts'
import { withLists } from '../../merge/scalar-for-list.ts'
import { isConverted, validateShape } from '../../schema/schema.ts'
import { rewrite } from '../../tree/rewrite.ts'
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
  const listed = withLists(document, scope, overrides)
  const shaped = overrides ? shapeOfOverride(listed) : validateShape(listed)
  const isClosed = ({ at }: { at?: Span }) => !at || !open.has(placeOf(at))
  const [diagnostics, problems] = [shaped.diagnostics.filter(isClosed), shaped.problems.filter(isClosed)]
  tellShape({ ...shaped, diagnostics, problems, untold: 0 }, listed, scope)
  const long = rewrite(listed, LONG_SYNTAX, report)
  return long?.kind === 'map' ? long : undefined
}

/** Where there are variables, and texts that only filling these in would make numbers of. */
function* openPlaces(node: Tree, path: Path = []): Generator<string> {
  if (node.kind === 'map') for (const [key, { value }] of node.entries) yield* openPlaces(value, [...path, key])
  else if (node.kind === 'seq')
    for (const [index, item] of node.items.entries()) yield* openPlaces(item, [...path, index])
  else if (typeof node.value === 'string' && (node.value.includes('$') || isConverted(path))) yield placeOf(node.at)
}

function placeOf({ file, line, col }: Span): string {
  return `${file}:${line}:${col}`
}
