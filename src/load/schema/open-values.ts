import type { Span } from '../../diagnostics/span.ts'
import type { MapNode, Path, Tree } from '../../yaml/tree.ts'
import { shapeOfOverride } from './override.ts'
import { isConverted, type Shaped, validateShape } from './schema.ts'

/** Checks the shape of a document before interpolation. A value with a variable may become anything, so its problems do not count. */
export function shapeAroundVariables(tree: MapNode, written: Tree, overrides: boolean): Shaped {
  const open = new Set(openPlaces(written))
  const shaped = overrides ? shapeOfOverride(tree) : validateShape(tree)
  const isClosed = ({ at }: { at?: Span }) => !at || !open.has(placeOf(at))
  const [diagnostics, problems] = [shaped.diagnostics.filter(isClosed), shaped.problems.filter(isClosed)]
  return { tree, diagnostics, problems, unlisted: 0 }
}

/** Paths of values that contain variables, and of strings that become numbers or booleans after interpolation. */
function* openPlaces(node: Tree, path: Path = []): Generator<string> {
  if (node.kind === 'map') for (const [key, { value }] of node.entries) yield* openPlaces(value, [...path, key])
  else if (node.kind === 'seq')
    for (const [index, item] of node.items.entries()) yield* openPlaces(item, [...path, index])
  else if (typeof node.value === 'string' && (node.value.includes('$') || isConverted(path))) yield placeOf(node.at)
}

function placeOf({ file, line, col }: Span): string {
  return `${file}:${line}:${col}`
}
