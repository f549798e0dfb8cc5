import { get, type MapNode, nearest, type Path, type Tree } from '../../yaml/tree.ts'
import { isNull, mapOf, withEntries } from '../tree/nodes.ts'
import { type Shaped, validateShape } from './schema.ts'

/** An empty service, such as `base:`, is allowed in a file that is only used by `extends`. */
export function isEmptyService(tree: MapNode, path: Path): boolean {
  return path.length === 2 && path[0] === 'services' && isNull(nearest(tree, path))
}

/** In an override, a key without a value changes nothing, whatever its type. */
export function shapeOfOverride(tree: MapNode): Shaped {
  const shaped = validateShape(tree, true)
  const nulls = shaped.problems.map(({ prune }) => prune).filter((path) => isUnset(nearest(tree, path)))
  const silent = (into: MapNode, path: Path) =>
    isEmptyService(into, path) ? emptied(into, String(path[1])) : without(into, path)
  return nulls.length === 0 ? shaped : validateShape(nulls.reduce(silent, tree), true)
}

/** Keeps the name, so that a service without a definition in an earlier file is reported. */
function emptied(tree: MapNode, service: string): MapNode {
  const services = get(tree, 'services')
  if (services?.kind !== 'map') return tree
  return withEntries(tree, { services: withEntries(services, { [service]: mapOf({}, services) }) })
}

/** Excludes `!override null`, which removes the earlier value and is itself a value. */
function isUnset(node: Tree): boolean {
  return isNull(node) && node.tag === undefined
}

function without(tree: MapNode, path: Path): MapNode {
  const [key, ...rest] = path.map(String)
  const child = key === undefined ? undefined : get(tree, key)
  if (key === undefined || child === undefined) return tree
  if (rest.length === 0) return withEntries(tree, { [key]: undefined })
  return child.kind === 'map' ? withEntries(tree, { [key]: without(child, rest) }) : tree
}
