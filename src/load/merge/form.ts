import type { MapNode, Tree } from '../../yaml/tree.ts'
import { CANONICAL } from '../canonical/table.ts'
import type { LoadOptions } from '../input.ts'
import { mapOf, scalarLike, withEntries } from '../tree/nodes.ts'
import type { Rules } from '../tree/rewrite.ts'
import type { Variables } from '../variable/variables.ts'
import { MERGERS, type Mergers } from './merge.ts'
import { UNIQUE } from './unique.ts'

/** The rules by which the documents of a model are put together: with their variables filled in, or as they are written. */
export interface Form {
  /** Whether variables are filled in. If not, a value that contains one may become anything and is not checked. */
  fillsIn: boolean
  /** From short syntax to long. */
  canonical: Rules
  mergers: Mergers
  /** Lists in which a later item takes the place of an earlier one. */
  unique: Rules
  /** Rules that depend on a model's own variables and are therefore applied before models are put together. */
  settle(options: LoadOptions, variables: Variables): Rules
}

/** For everything but `config --no-interpolate`. */
export const CANONICAL_FORM: Form = {
  fillsIn: true,
  canonical: CANONICAL,
  mergers: MERGERS,
  unique: UNIQUE,
  settle: (options, variables) => ({
    ...(options.normalize !== false && {
      'services.*.build.args': (node) => (node.kind === 'map' ? withoutNulls(fromEnvironment(node, variables)) : node),
    }),
    ...(options.resolveEnvironment !== false && {
      'services.*.environment': (node) => (node.kind === 'map' ? fromEnvironment(node, variables) : node),
    }),
  }),
}
/** Keys without a value take the variable of the same name; unset ones stay null. */
function fromEnvironment(node: MapNode, variables: Variables): MapNode {
  const found = [...node.entries].flatMap(([name, { value }]): [string, Tree][] => {
    const variable = value.kind === 'scalar' && value.value === null ? variables.lookup(name) : undefined
    return variable ? [[name, scalarLike(variable.value, value)]] : []
  })
  return found.length === 0 ? node : withEntries(node, Object.fromEntries(found))
}

function withoutNulls(node: MapNode): MapNode {
  const kept = [...node.entries].filter(([, { value }]) => value.kind !== 'scalar' || value.value !== null)
  return { ...mapOf({}, node), entries: new Map(kept) }
}
