import type { MapNode, Tree } from '../../yaml/tree.ts'
import { CANONICAL } from '../canonical/table.ts'
import type { LoadOptions } from '../input.ts'
import { mapOf, scalarLike, withEntries } from '../tree/nodes.ts'
import type { Rules } from '../tree/rewrite.ts'
import type { Variables } from '../variable/variables.ts'
import { MERGERS, type Mergers } from './merge.ts'
import { UNIQUE } from './unique.ts'

/** The rules for combining a model's documents: either interpolated or as written. */
export interface Form {
  /** Whether variables are interpolated. If not, a value with a variable may become anything and is not checked. */
  fillsIn: boolean
  /** Converts short syntax to long syntax. */
  canonical: Rules
  mergers: Mergers
  /** Lists in which a later item replaces an earlier one with the same key. */
  unique: Rules
  /** Rules that depend on a model's own variables and therefore apply before models are combined. */
  settle(options: LoadOptions, variables: Variables): Rules
}

/** The form for everything except `config --no-interpolate`. */
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
