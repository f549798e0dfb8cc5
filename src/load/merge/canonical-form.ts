import { relative } from 'node:path'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { deviceRules } from '../canonical/paths.ts'
import { canonicalDocument } from '../document.ts'
import { mapOf, scalarLike, withEntries } from '../tree/nodes.ts'
import type { Rules } from '../tree/rewrite.ts'
import type { Variables } from '../variable/variables.ts'
import type { Scope } from './context.ts'
import type { Form } from './form.ts'
import { MERGERS } from './merge.ts'
import { UNIQUE } from './unique.ts'

/** What everything but `config --no-interpolate` works with. */
export const CANONICAL_FORM: Form = {
  document: canonicalDocument,
  mergers: MERGERS,
  unique: UNIQUE,
  settle: modelRules,
}

function modelRules(scope: Scope): Rules {
  const { variables, options } = scope
  return {
    ...contextRules(scope),
    ...(options.normalize !== false && {
      'services.*.build.args': (node) => (node.kind === 'map' ? withoutNulls(fromEnvironment(node, variables)) : node),
    }),
    ...(options.resolveEnvironment !== false && {
      'services.*.environment': (node) => (node.kind === 'map' ? fromEnvironment(node, variables) : node),
    }),
  }
}

/** A build without a context has the model's own directory, and there start the directories that volumes bind. */
export function contextRules(scope: Scope): Rules {
  const { directory, root, options, chain } = scope
  const here = options.resolvePaths === false ? relative(root, directory) || '.' : directory
  return {
    ...deviceRules(directory, scope, chain.length > 1),
    'services.*.build': (node) =>
      node.kind === 'map' && !get(node, 'context') ? withEntries(node, { context: scalarLike(here, node) }) : node,
  }
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
