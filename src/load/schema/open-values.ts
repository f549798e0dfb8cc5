import type { Span } from '../../diagnostics/span.ts'
import type { MapNode, Path, Tree } from '../../yaml/tree.ts'
import { shapeOfOverride } from './override.ts'
import { isConverted, type Shaped, validateShape } from './schema.ts'

/** The problems of a document whose variables are not filled in: what holds one may become anything, and has none. */
export function shapeAroundVariables(tree: MapNode, written: Tree, overrides: boolean): Shaped {
  const open = new Set(openPlaces(written))
  const shaped = overrides ? shapeOfOverride(tree) : validateShape(tree)
  const isClosed = ({ at }: { at?: Span }) => !at || !open.has(placeOf(at))
  const [diagnostics, problems] = [shaped.diagnostics.filter(isClosed), shaped.problems.filter(isClosed)]
  return { tree, diagnostics, problems, unlisted: 0 }
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
